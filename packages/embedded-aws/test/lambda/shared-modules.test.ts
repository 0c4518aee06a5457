import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { closeLambda } from "../../src/services/lambda/runner.ts";
import { eachLambda, newLambda } from "./new-lambda.ts";

const files: Readonly<Record<string, string>> = {
  "bundle.config.ts": 'export default {}; export const stateless = ["./core/", "!./core/kept/"];',
  "core/ask.ts": `
    export let evaluated = 0;
    export const count = () => ++evaluated;
    export const colour = () => process.env.COLOUR;
    export const later = (ms: number) => new Promise((resolve) => {
      setTimeout(() => resolve({ colour: process.env.COLOUR, now: Date.now() }), ms);
    });
    export const say = (text: string) => console.log(text, process.env.COLOUR);`,
  "core/kept/count.ts": "let calls = 0; export const count = () => ++calls;",
  "ask.ts": `
    import { colour, count, later, say } from "./core/ask.ts";
    import { count as own } from "./core/kept/count.ts";
    export const handler = async ({ ms }: { ms: number }) => {
      const before = colour();
      say("asked by");
      const after = await later(ms);
      return { before, after, shared: count(), own: own() };
    };`,
};

let root = "";
const lambda = eachLambda();
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "program-"));
  mkdirSync(join(root, "node_modules"));
  mkdirSync(join(root, "core", "kept"), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  lambda.inThisThread();
});
afterEach(() => rmSync(root, { recursive: true }));

const deploy = (name: string) =>
  lambda.deploy("ask.handler", { name, root, timeoutSeconds: 60, environment: { COLOUR: name } });

const during = <T>(work: Promise<T>) => lambda.during(work);

describe("a stateless module that functions in one thread share", () => {
  it("is evaluated once, and sees the environment, time and log of the function that calls it", async () => {
    deploy("green");
    deploy("blue");
    const begun = lambda.clock.now();

    const [green, blue] = await during(
      Promise.all([
        lambda.invoke("green", { ms: 5_000 }, { LogType: "Tail" }),
        lambda.invoke("blue", { ms: 2_000 }, { LogType: "Tail" }),
      ]),
    );

    expect(blue.payload).toMatchObject({ before: "blue", after: { colour: "blue", now: begun + 2_000 } });
    expect(green.payload).toMatchObject({ before: "green", after: { colour: "green", now: begun + 5_000 } });
    expect([blue.payload.shared, green.payload.shared]).toEqual([1, 2]);
    expect(Buffer.from(green.log ?? "", "base64").toString()).toContain("asked by green");
    expect(Buffer.from(blue.log ?? "", "base64").toString()).toContain("asked by blue");
  });

  it("leaves exceptions to each function", async () => {
    deploy("green");
    deploy("blue");

    const green = await during(lambda.invoke("green", { ms: 1 }));
    const again = await during(lambda.invoke("green", { ms: 1 }));
    const blue = await during(lambda.invoke("blue", { ms: 1 }));

    expect([green, again, blue].map(({ payload }) => payload.own)).toEqual([1, 2, 1]);
  });

  it("imports no module of the program that is not stateless", async () => {
    writeFileSync(join(root, "core", "ask.ts"), `export * from "../state.ts"; ${files["core/ask.ts"]}`);
    writeFileSync(join(root, "state.ts"), "export let state = 1;");
    deploy("green");

    const { payload } = await during(lambda.invoke("green", { ms: 1 }));

    expect(payload.errorMessage).toMatch(/core\/ask\.ts is stateless by bundle\.config\.ts, but imports \.\/state\.ts/);
  });

  it("is a package beside a program that is a package itself", async () => {
    const program = join(root, "node_modules", "program");
    const beside = {
      "words/package.json": '{ "name": "words", "type": "module", "main": "index.js" }',
      "words/index.js": 'export * from "./colour.js";',
      "words/colour.js": "export const colour = () => process.env.COLOUR;",
      "program/bundle.config.ts": 'export default {}; export const stateless = ["words"];',
      "program/ask.ts": 'import { colour } from "words"; export const handler = async () => ({ colour: colour() });',
    };
    for (const folder of ["words", "program/node_modules"])
      mkdirSync(join(root, "node_modules", folder), { recursive: true });
    for (const [name, text] of Object.entries(beside)) writeFileSync(join(root, "node_modules", name), text);
    lambda.deploy("ask.handler", { name: "green", root: program, environment: { COLOUR: "green" } });

    expect((await during(lambda.invoke("green", {}))).payload).toEqual({ colour: "green" });
  });

  it("is evaluated anew when its source changes", async () => {
    deploy("green");
    await during(lambda.invoke("green", { ms: 1 }));
    const other = newLambda();
    other.inThisThread();
    writeFileSync(join(root, "core", "ask.ts"), `${files["core/ask.ts"]}\n// Changed.\nexport const more = 1;`);
    other.deploy("ask.handler", { name: "green", root, environment: { COLOUR: "red" } });

    const asked = other.invoke("green", { ms: 1 });
    await other.clock.runUntil(other.clock.now() + 3_600_000);

    expect((await asked).payload).toMatchObject({ before: "red", shared: 1 });
    await closeLambda(other.aws);
  });
});
