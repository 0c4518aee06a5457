/** Prints one figure, with its target or another remark. */
export const row = (what: string, value: string, remark = ""): void =>
  console.log(`${what.padEnd(46)}${value.padStart(12)}  ${remark}`.trimEnd());
