// Prints the arguments by which `npm test` runs the tests that its bare run skipped, one a line; nothing if it skipped none.
import { readFileSync } from "node:fs";

const { missing, skippedIn } = JSON.parse(readFileSync("node_modules/.cache/amint/bare-results.json", "utf8"));
if (missing.length > 0) {
  console.log(`--tagsFilter=${missing.map((need) => `needs/${need}`).join(" || ")}`);
  for (const file of skippedIn) console.log(file);
}
