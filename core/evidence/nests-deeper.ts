/** Whether a JSON text nests deeper than `most` levels, which could exhaust the stack of recursive code. */
export function nestsDeeper(json: string, most: number): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < json.length; at++) {
    const one = json[at];
    if (one === '"') inText = !inText;
    else if (inText) at += one === "\\" ? 1 : 0;
    else if ((one === "{" || one === "[") && ++depth > most) return true;
    else if (one === "}" || one === "]") depth--;
  }
  return false;
}
