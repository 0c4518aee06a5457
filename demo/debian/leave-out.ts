import { printFound, say } from "../../cli/command/print.ts";
import { openExample } from "./example.ts";
import { hardeningOf, isNoticed, type LeftOut, leaveOut } from "./left-out.ts";

/** Leaves out each hardening component of the example once. Exit code 1 if the image's tests do not notice it. */
await using example = await openExample(() => {});
const found: LeftOut[] = [];
for (const component of hardeningOf(example)) {
  const one = await leaveOut(example, component);
  found.push(one);
  printFound(one, draw);
}
const missed = found.filter((one) => !isNoticed(one));
if (missed.length > 0) process.exitCode = 1;
say`
${found.length - missed.length} of ${found.length} hardening components cannot be left out without a failed test.`;

function draw(one: LeftOut): string[] {
  const all = one.noticed.length + one.unnoticed.length;
  return [
    `without ${one.component}`,
    `  ${isNoticed(one) ? "noticed" : "NOT NOTICED"}: ${one.noticed.length} of ${all} steps of ${one.tests} failed`,
    ...one.noticed.map((step) => `    failed  ${step}`),
    ...one.unnoticed.map((step) => `    passed  ${step}`),
    ...one.others.map((other) => `  also: ${other}`),
  ];
}
