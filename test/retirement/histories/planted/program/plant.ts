import { registerHooks } from "node:module";
import { faults } from "../faults.ts";

const root = new URL("../../../../../", import.meta.url);
const fault = faults.find(({ name }) => name === process.env.PLANTED);
if (!fault) throw new Error(`PLANTED="${process.env.PLANTED}" is not a fault of faults.ts.`);

/** The product is loaded with the fault; whatever else is loaded is as it is. */
registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const replaced = fault.replaced.filter(({ file }) => url === new URL(file, root).href);
    if (replaced.length === 0) return loaded;
    return { ...loaded, source: replaced.reduce(replaceOnce, String(loaded.source)) };
  },
});

function replaceOnce(source: string, { file, from, to }: (typeof faults)[number]["replaced"][number]): string {
  const pieces = source.split(from);
  if (pieces.length !== 2) throw new Error(`${pieces.length - 1} times in ${file}, not once: ${from}`);
  return pieces.join(to);
}
