import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { exitCodeOf, toText } from "../../../cli/command/end-process.ts";
import { type ErrorClass, errorClasses, loadClasses, makingOf } from "./error-classes.ts";
import { byClass, byName, reasons } from "./samples.ts";

const classes = errorClasses();
const loaded = await loadClasses(classes);
const made = makingOf(new Set(classes.map(({ name }) => name)));
const isMadeWith = ({ parameters }: ErrorClass) => parameters !== undefined;

/** What to do, what would be valid, or what happens next. */
const NEXT = new RegExp(
  [
    /\nfix: |`(npx )?amint |--release|--withdraw|reads it hourly|[Ii]ts images: |these channels do|it has /.source,
    /\b(add|again|cannot be|change|choose|continues|deploy|do not|edit|expected|must|name|only|possible|promote)\b/
      .source,
    /\b(read|remove|repeat|required|retr(y|ies|ied)|see|start|store|supports|until|use|valid)\b/.source,
  ].join("|"),
  "i",
);

/** A sample is an instance with these values, by the names of the constructor's parameters. */
function sampleOf(one: ErrorClass): Error {
  const sampleFor = (parameter: string): unknown => {
    const key = `${one.name}.${parameter}`;
    if (key in byClass) return byClass[key];
    if (parameter in byName) return byName[parameter];
    throw new Error(`${one.file}: test/architecture/errors/samples.ts has no value for ${key}`);
  };
  const values = (one.parameters ?? []).map((parameter) =>
    typeof parameter === "string"
      ? sampleFor(parameter)
      : Object.fromEntries(parameter.map((key) => [key, sampleFor(key)])),
  );
  const Class = loaded.get(`${one.file}#${one.name}`);
  if (!Class) throw new Error(`${one.name} was not loaded`);
  return new Class(...(values as never[]));
}

const samples = classes.filter(isMadeWith).map((one) => ({ ...one, error: sampleOf(one) }));
/** Classes whose message is written where they are made. */
const others = new Set(classes.filter((one) => !isMadeWith(one)).map(({ name }) => name));
const messages = [
  ...samples.map(({ name, file, error }) => ({ name, at: file, message: error.message })),
  ...made.filter(({ name }) => others.has(name)),
];
/** Ends with the reason that it was given: the reason says it. */
const passesOn = (message: string) =>
  ["{}", ...reasons].some((reason) => message.replace(/[.)\s]+$/, "").endsWith(reason));

test("every class of errors is thrown somewhere", () => {
  const names = new Set(made.map(({ name }) => name));

  expect(classes.filter(({ name }) => !names.has(name))).toEqual([]);
});

test("every class has its own name, which the CLI prints with --json and the state machine matches", () => {
  const wrong = samples.filter(({ name, error }) => error.name !== name && !error.name.startsWith("AccessDenied"));

  expect(wrong.map(({ name, error }) => [name, error.name])).toEqual([]);
});

test.each(messages.map(({ name, at, message }) => [`${name} (${at})`, message] as const))(
  "%s says what happened, where, and what to do or what is valid",
  (_, message) => {
    expect(message.length).toBeLessThanOrEqual(500);
    expect(message).not.toMatch(/\bundefined\b|\[object|\bNaN\b|\bnull\b|,;|[^.]\.\.[^.]/);
    if (!passesOn(message)) expect(message).toMatch(NEXT);
  },
);

test("the messages are as they were read", async () => {
  const text = messages.map(({ name, message }) => `${name}: ${message}\n`).join("");

  await expect(text).toMatchFileSnapshot("messages.txt");
});

/** The exit codes of the page's table. */
const documented = [...readFileSync("docs/command-line.md", "utf8").matchAll(/^\| (\d+) \| /gm)].map(([, code]) =>
  Number(code),
);

test("each is an expected failure for the CLI, with an exit code that docs/command-line.md lists", () => {
  const wrong = samples.filter(
    ({ error }) => toText(error).includes("bug in Amint") || !documented.includes(exitCodeOf(error)),
  );

  expect(documented).toEqual([0, 1, 64, 130, 141]);
  expect(wrong.map(({ name }) => name)).toEqual([]);
});
