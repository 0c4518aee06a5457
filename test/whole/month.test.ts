import { execFile } from "node:child_process";
import { createServer } from "node:net";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const ended = (running: Promise<Omit<Ended, "code">>): Promise<Ended> =>
  running.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );

const amint = (...args: string[]): Promise<Ended> =>
  ended(run(process.execPath, ["cli/command/amint.mjs", ...args], { maxBuffer: 1e8 }));

test("npm -s start -- --json: one event per line, the summary last, every channel read back in every region", async () => {
  const { code, stdout, stderr } = await ended(run("npm", ["-s", "start", "--", "--json"], { maxBuffer: 1e8 }));

  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const summary = lines.pop();
  expect(lines.every(({ type, time, detailType, detail }) => type === "event" && time && detailType && detail)).toBe(
    true,
  );
  expect(summary).toMatchObject({ type: "summary", days: 30 });
  expect(summary.images).toHaveLength(8);
  for (const { amis, parameters, launchableBy } of summary.images) {
    expect(Object.keys(amis).sort()).toEqual(["eu-west-1", "us-east-1"]);
    expect(Object.keys(parameters).sort()).toEqual(["eu-west-1", "us-east-1"]);
    expect(launchableBy).not.toContain("600000000009");
  }
});

test("a port in use is named, and nothing is left running", async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port)),
  );

  const { code, stderr } = await amint("month", "--keep", "--port", String(port));
  server.close();

  expect(code).toBe(1);
  expect(stderr).toBe(
    `amint: Port ${port} on 127.0.0.1 is in use. Stop the program that uses it, or choose another port.\n`,
  );
});

test("a port that is none is refused", async () => {
  const { code, stderr } = await amint("month", "--port", "70000");
  expect(code).toBe(64);
  expect(stderr).toContain("Must be a port number from 1 to 65535");
});

test("a request for an unknown image names the images there are", async () => {
  const { code, stderr } = await amint("build", "al2032-base");
  expect(code).toBe(1);
  expect(stderr).toBe(
    'amint: The factory acme has no image "al2032-base"; it has al2023-base, ubuntu-2404-base, al2023-web, al2023-node.\n',
  );
});
