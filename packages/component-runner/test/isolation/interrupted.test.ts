// @module-tag deep
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { backends } from "../../src/isolation/backends.ts";
import { bootHere, prepareHere } from "./boot-here.ts";
import { leftoversOf } from "./leftovers.ts";

const PROGRAM = fileURLToPath(new URL("program/boot-and-wait.ts", import.meta.url));

for (const backend of backends.filter(({ ownKernel }) => !ownKernel)) {
  describe(backend.name, { tags: `needs/${backend.name}` }, () => {
    test("when the runner is killed, nothing runs or is mounted a second later, and the next start removes the files", async () => {
      const child = spawn(process.execPath, [PROGRAM, backend.name], { stdio: ["ignore", "pipe", "inherit"] });
      await once(child.stdout, "data");
      expect(leftoversOf(child.pid ?? 0)).not.toEqual([]);

      child.kill("SIGKILL");
      await once(child, "exit");
      await sleep(1000);

      const files = /^component-runner-\d+-\w+$/;
      expect(leftoversOf(child.pid ?? 0).filter((line) => !files.test(line))).toEqual([]);
      await using _next = await bootHere(backend);
      expect(leftoversOf(child.pid ?? 0)).toEqual([]);
    });

    const moments = [0, 5, 20, 40, 60, 90, 120, 160, 200, 250, 300, 350, 400, 450];

    test.each(moments)("interrupted %i ms into its boot, a system leaves nothing", async (ms) => {
      await prepareHere(backend);
      const controller = new AbortController();
      setTimeout(() => controller.abort(new Error("interrupted")), ms);

      const booted = await bootHere(backend, { signal: controller.signal }).catch((error) => error);

      if (booted instanceof Error) expect(booted.message).toBe("interrupted");
      else await booted.system.close();
      expect(leftoversOf(process.pid)).toEqual([]);
    });

    test.each([
      ["run", 20],
      ["run", 300],
      ["restart", 20],
      ["restart", 150],
      ["restart", 300],
      ["snapshot", 5],
      ["snapshot", 50],
    ] as const)("interrupted during %s, after %i ms, a system leaves nothing", async (what, ms) => {
      const folder = mkdtempSync(join(tmpdir(), "snapshot-"));
      const controller = new AbortController();
      const { system } = await bootHere(backend, { signal: controller.signal });
      setTimeout(() => controller.abort(new Error("interrupted")), ms);
      const act = {
        run: () => system.run({ script: "sleep 1000 & sleep 1000" }),
        restart: () => system.restart(),
        snapshot: () => system.snapshot(join(folder, "layer")),
      };

      await act[what]().catch(() => {});
      await system.close();

      expect(leftoversOf(process.pid)).toEqual([]);
      rmSync(folder, { recursive: true });
    });
  });
}
