import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { clientOptions } from "../../../local/boot/client-options.ts";
import { freePort } from "../../local/amint.ts";
import { copyOfCheckout } from "../../world/checkout-with.ts";
import { checkout, start } from "../../world/running-factory.ts";
import { projectWith, withoutAws } from "./here.ts";

const env = { ...process.env, ...withoutAws };
const CLI = "cli/command/amint.mjs";
/** A role of the factory; its function follows. */
const NOTIFY = "amint-acme-notify";

test("output that is closed early ends the command silently", async () => {
  const script = `"$0" ${CLI} triggers | true; echo "\${PIPESTATUS[0]}"`;

  const { stdout, stderr } = await start("bash", ["-c", script, process.execPath], env).ended;

  expect({ stdout, stderr }).toEqual({ stdout: "141\n", stderr: "" });
});

test("Ctrl-C ends a month in one line", async () => {
  const month = start(process.execPath, [CLI, "month"], env);
  await month.said("Factory acme");

  month.child.kill("SIGINT");
  const { code, stderr } = await month.ended;

  expect({ code, stderr }).toEqual({ code: 130, stderr: "amint: Interrupted.\n" });
});

test("Ctrl-C ends a month as it runs in one line", { tags: "deep" }, async () => {
  const month = start(process.execPath, [CLI, "month"], env);
  await month.said("→ stable");

  month.child.kill("SIGINT");
  const { code, stderr } = await month.ended;

  expect({ code, stderr }).toEqual({ code: 130, stderr: "amint: Interrupted.\n" });
});

test("Ctrl-C ends a deployment in one line, and the next one completes it", { tags: "deep" }, async () => {
  const port = await freePort();
  const aws = start(process.execPath, [CLI, "local", "start", "--port", port], env);
  await aws.said("listens on");
  const deploy = () => start(process.execPath, [CLI, "local", "deploy", "--port", port], env);

  const first = deploy();
  const iam = new IAMClient(clientOptions(`http://127.0.0.1:${port}`, "111122223333", "eu-west-1"));
  const isBegun = async () =>
    (await iam.send(new ListRolesCommand({}))).Roles?.some(({ RoleName }) => RoleName === NOTIFY);
  while (!(await isBegun())) await sleep(20);
  first.child.kill("SIGINT");
  const { code, stdout, stderr } = await first.ended;
  const second = await deploy().ended;
  aws.child.kill("SIGINT");

  expect({ code, stdout, stderr }).toEqual({ code: 130, stdout: "", stderr: "amint: Interrupted.\n" });
  expect(second).toMatchObject({ code: 0, stderr: "" });
  expect(await aws.ended).toMatchObject({ code: 0 });
});

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test("Ctrl-C ends an installation in one line, with npm", async () => {
  const npm = "#!/bin/sh\necho $$ > npm.pid\nexec sleep 60\n";
  const folder = await projectWith({ "package-lock.json": "{}", "bin/npm": npm });
  await start("chmod", ["+x", join(folder, "bin/npm")], env).ended;
  const PATH = `${join(folder, "bin")}:${process.env.PATH}`;
  const installing = start(process.execPath, [join(checkout, "setup.mjs")], { ...env, PATH }, folder);
  const pid = async () => Number(await readFile(join(folder, "npm.pid"), "utf8").catch(() => ""));
  while ((await pid()) === 0) await sleep(20);

  installing.child.kill("SIGINT");
  const { code, stderr } = await installing.ended;

  expect(code).toBe(130);
  expect(stderr.split("\n").slice(1)).toEqual(["Interrupted: the next command installs again.", ""]);
  expect(isRunning(await pid())).toBe(false);
});

/** Linux: a process starts others once it handles signals. */
const childrenOf = (pid: number | undefined) => readFile(`/proc/${pid}/task/${pid}/children`, "utf8");

test("Ctrl-C ends the evaluation of the program in one line, and writes nothing", { tags: "deep" }, async () => {
  const folder = await copyOfCheckout();
  const writing = start(process.execPath, ["stacks/blueprint/write.mjs"], env, folder);
  while ((await childrenOf(writing.child.pid)) === "") await sleep(20);

  writing.child.kill("SIGINT");
  const { code, stderr } = await writing.ended;

  expect({ code, stderr }).toEqual({ code: 130, stderr: "Interrupted.\n" });
  await expect(readFile(join(folder, "blueprint.json"))).rejects.toThrow("ENOENT");
});

test("without a blueprint, commands name the file and the command that writes it", { tags: "deep" }, async () => {
  const folder = await copyOfCheckout(["cli", "local", "demo"]);

  const { code, stderr } = await start(process.execPath, [CLI, "channels", "al2023-base"], env, folder).ended;

  expect(stderr).toBe("amint: blueprint.json does not exist yet.\n  fix: `npx amint blueprint` writes it\n");
  expect(code).toBe(1);
});

test("an invalid config is reported before SST's platform is fetched", { tags: "deep" }, async () => {
  const folder = await copyOfCheckout();
  const config = join(folder, "factory.config.ts");
  await writeFile(config, (await readFile(config, "utf8")).replace('name: "acme"', 'nmae: "acme"'));
  await rm(join(folder, ".sst"), { recursive: true });

  const { code, stderr } = await start(process.execPath, ["stacks/blueprint/write.mjs"], env, folder).ended;

  expect(stderr).toContain('  - nmae: unknown key; did you mean "name"?');
  expect(stderr).not.toContain("Fetching SST's platform");
  expect(stderr).not.toMatch(/^ {4}at /m);
  expect(code).toBe(1);
});
