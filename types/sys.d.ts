/** util, by the name that it had once; deprecated. https://nodejs.org/api/util.html */
declare module 'sys' {
  export * from 'util';
}
