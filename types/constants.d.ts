/** The numbers of os, fs and crypto together; deprecated in favour of `constants` of each. */
declare module 'constants' {
  const constants: { readonly [name: string]: number };
  export = constants;
}
