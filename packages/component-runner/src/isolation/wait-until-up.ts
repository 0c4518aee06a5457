import { setTimeout as sleep } from "node:timers/promises";
import { type System, SystemError } from "./system.ts";

/** Ignores failed services: the documents' tests find them. */
export async function waitUntilUp(run: System["run"], deadline: AbortSignal): Promise<void> {
  const script = "until [ -S /run/systemd/private ]; do sleep 0.02; done; systemctl is-system-running --wait";
  while (!deadline.aborted) {
    let said = "";
    await run({
      script,
      signal: deadline,
      onOutput: (chunk) => {
        said += new TextDecoder().decode(chunk);
      },
    });
    if (/^(running|degraded)$/m.test(said)) return;
    await sleep(20);
  }
  throw new SystemError("The system did not finish booting in time");
}
