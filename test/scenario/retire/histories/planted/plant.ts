import { registerHooks } from "node:module";
import { faults } from "./faults.ts";

const root = new URL("../../../../../", import.meta.url);
const fault = faults.find(({ name }) => name === process.env.PLANTED);
if (!fault) throw new Error(`PLANTED="${process.env.PLANTED}" is no fault of faults.ts.`);

/** The product is loaded with the fault; whatever else is loaded is as it is. */
registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (url !== new URL(fault.file, root).href) return loaded;
    return { ...loaded, source: fault.replaced.reduce(replaceOnce, String(loaded.source)) };
  },
});

function replaceOnce(source: string, [from, to]: readonly [string, string]): string {
  const pieces = source.split(from);
  if (pieces.length !== 2) throw new Error(`${pieces.length - 1} times in ${fault?.file}, not once: ${from}`);
  return pieces.join(to);
}
