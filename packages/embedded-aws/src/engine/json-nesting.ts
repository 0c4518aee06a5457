const [QUOTE, ESCAPE] = ['"'.charCodeAt(0), "\\".charCodeAt(0)];
const OPEN = new Set(["{", "["].map((one) => one.charCodeAt(0)));
const CLOSE = new Set(["}", "]"].map((one) => one.charCodeAt(0)));

/** Whether a JSON text nests deeper than `most`: recursive readers would exhaust the stack. */
export function nestsDeeper(json: string, most: number): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) inText = !inText;
    else if (inText) at += code === ESCAPE ? 1 : 0;
    else if (OPEN.has(code) && ++depth > most) return true;
    else if (CLOSE.has(code)) depth--;
  }
  return false;
}
