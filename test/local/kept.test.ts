// @module-tag deep
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { checkout, type Ended, start } from "../world/running-factory.ts";
import { freePort } from "./amint.ts";

const hasAwsCli = (): boolean => {
  try {
    execFileSync("aws", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

test("after the month is kept, each suggested command works as printed, in seconds and in the factory's time", async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const { AWS_PROFILE: _, AWS_ACCESS_KEY_ID: __, AWS_ENDPOINT_URL: ___, ...env } = process.env;
  const kept = start(process.execPath, ["cli/command/amint.mjs", "month", "--keep", "--port", new URL(url).port], env);
  await kept.said("--executable-users self\n");
  await new Promise((resolve) => setTimeout(resolve, 200));
  const [, text = ""] = kept.printed().split("The embedded AWS listens on");
  const lines = text
    .replaceAll(/ \\\n +/g, " ")
    .split("\n")
    .filter((line) => line.startsWith("  "));
  const exported = lines.filter((line) => line.startsWith("  export "));
  const commands = lines.filter((line) => !line.startsWith("  export ") && (hasAwsCli() || line.startsWith("  npx")));

  const ran: (Ended & { readonly command: string; readonly seconds: number })[] = [];
  for (const command of commands) {
    const begun = performance.now();
    const { code, stdout, stderr } = await start("bash", ["-c", [...exported, command].join("\n")], env, checkout)
      .ended;
    ran.push({ command, code, stdout, stderr, seconds: (performance.now() - begun) / 1000 });
  }
  kept.child.kill("SIGINT");
  const { code, stderr } = await kept.ended;

  expect(commands.length).toBeGreaterThanOrEqual(8);
  expect(ran.map((one) => ({ command: one.command, code: one.code, stderr: one.stderr }))).toEqual(
    commands.map((command) => ({ command, code: 0, stderr: "" })),
  );
  const of = (part: string) => ran.find(({ command }) => command.includes(part));
  expect(of("amint build")?.stdout).toMatch(/: succeeded: it is in candidate\n$/);
  for (const { command, seconds } of ran) expect(seconds, command).toBeLessThan(60);
  expect(of("local clock")?.stdout).toMatch(/^2026-05-0[2-9]T/);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});
