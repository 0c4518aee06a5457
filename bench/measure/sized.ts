/** Whether this is the short form: the same code on a smaller input, in a few seconds. Its results count, not its times. */
export const isShort = process.argv.includes("--short");

/** An input's size in the full and in the short form. */
export const sized = <Size>(full: Size, short: Size): Size => (isShort ? short : full);
