// Numbers for people.

const UNITS = ['', 'K', 'M', 'G', 'T'];

/** 1536 → "1.5K" */
export function size(count) {
  let unit = 0;
  while (count >= 1000 && unit < UNITS.length - 1) {
    count /= 1024;
    unit++;
  }
  return (unit === 0 || count >= 100 ? String(Math.round(count)) : count.toFixed(1)) + UNITS[unit];
}

export const number = (value) =>
  value < 10 ? String(+value.toFixed(1)) : String(Math.round(value));
export const share = (value) => `${Math.round(value * 100)} %`;

/** Milliseconds → "0.5ms", "850ms", "12.3s", "5m07s", "3h02m", "4d01h" */
export function span(ms) {
  const two = (value) => String(Math.floor(value)).padStart(2, '0');
  if (ms < 1) return `${+ms.toFixed(1)}ms`;
  if (ms < 1000) return `${Math.round(ms)}ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${+seconds.toFixed(1)}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)}h${two((seconds % 3600) / 60)}m`;
  return `${Math.floor(seconds / 86400)}d${two((seconds % 86400) / 3600)}h`;
}

/** {address, port} or {path} → text */
export function address(end) {
  if (end === undefined) return '';
  if (end.path !== undefined) return end.path;
  return end.address.includes(':') ? `[${end.address}]:${end.port}` : `${end.address}:${end.port}`;
}
