import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { shellBlocks } from "../whole/first-deployment/guide.ts";
import { BY_CI, EXECUTED_PAGES, isIn, leftOut, neitherExecutedNorListed } from "./left-out.ts";
import { readPage } from "./markdown.ts";
import { stepsOf } from "./steps.ts";

const pages = EXECUTED_PAGES.map((path) => readPage(path));

/** What test/docs/first-ten-minutes.test.ts and test/whole/first-deployment.test.ts execute of a page. */
const executedOn: Readonly<Record<(typeof EXECUTED_PAGES)[number], () => readonly string[]>> = {
  "README.md": () => commandsOn("README.md"),
  "docs/getting-started.md": () => commandsOn("docs/getting-started.md"),
  "docs/first-deployment.md": () => shellBlocks().map(({ commands = "" }) => commands),
};

const commandsOn = (path: string): string[] =>
  stepsOf(readPage(path)).flatMap((step) => ("commands" in step ? [step.commands] : []));

test("each command that is listed as not executed is in its page", () => {
  const blocks = pages.flatMap((page) => page.blocks);

  expect(leftOut.filter((entry) => !blocks.some((block) => isIn(entry, block)))).toEqual([]);
});

test.each(EXECUTED_PAGES)("each shell command of %s is executed, or listed with the reason", (path) => {
  const executed = executedOn[path]();

  expect(executed.join("\n").split("\n").length).toBeGreaterThan(3);
  expect(neitherExecutedNorListed(readPage(path).blocks, executed)).toEqual([]);
});

test.each(["bash", "console", "shell", ""])("a command in a block of the language '%s' is found", (language) => {
  const page = readPage("README.md", `1. Try it:\n\n   \`\`\`${language}\n   npx amint status # all\n   \`\`\`\n`);

  expect(neitherExecutedNorListed(page.blocks, commandsOn("README.md"))).toEqual(["npx amint status"]);
});

test("a listed command counts only on its page, with all of its options, and with the lines beside it", () => {
  const code = ["npm test -- --all", "npm test   # the tests", "npx amint validate"].join("\n");
  const readme = readPage("README.md", `\`\`\`sh\n${code}\n\`\`\`\n`);
  const other = readPage("docs/getting-started.md", `\`\`\`sh\n${code}\n\`\`\`\n`);

  expect(neitherExecutedNorListed(readme.blocks, [])).toEqual(["npm test -- --all", "npx amint validate"]);
  expect(neitherExecutedNorListed(other.blocks, [])).toHaveLength(3);
});

test("what is listed is not executed, and the other lines of its block are", () => {
  const page = readPage(
    "README.md",
    "```sh\nnpm start # the month\nnpx amint status # now\n```\n```sh\nnpm test\n```\n",
  );

  expect(stepsOf(page)).toEqual([{ kind: "run", commands: "npx amint status # now" }]);
});

test("CI runs the documents, and each command of which the list says so", () => {
  const steps = readFileSync(".ci/run", "utf8").match(/^step .*$/gm) ?? [];
  const byCi = leftOut.filter(({ why }) => why === BY_CI).flatMap(({ lines }) => lines);

  expect(steps).toContain("step documents npm run test:deep -- first-ten-minutes first-deployment");
  expect(byCi).toContain("npm start");
  for (const command of byCi)
    expect(steps.filter((step) => / \.ci\/bare /.test(step) && step.includes(` ${command}`))).toHaveLength(1);
});
