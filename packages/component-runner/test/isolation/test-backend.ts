import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Backend } from "../../src/isolation/system.ts";
import { bootHere, type Here } from "./boot-here.ts";

/** The tests of every backend, to be called in a `describe`. */
export function testBackend(backend: Backend): void {
  let shared: Here;
  beforeAll(async () => {
    shared = await bootHere(backend);
  }, 900_000);
  afterAll(() => shared?.system.close());

  test("the machine enforces the limits that it says", ({ annotate }) => {
    annotate(`limits: ${shared.system.enforced?.join(", ") ?? "unknown"}`);

    expect(shared.system.enforced).toContain("diskMiB");
  });

  if (backend.hasInit) testInit(() => shared, backend);
  else {
    test("without an init system systemctl fails", async () => {
      expect((await shared.run("systemctl start cron")).exitCode).not.toBe(0);
    });
  }

  test("root runs scripts of bash, with variables and input", async () => {
    const said = await shared.run('id -un; echo "$GREETING $BASH_VERSION" | cut -c1-7; cat; pwd', {
      env: { GREETING: "it's" },
      input: Buffer.from("input\n"),
    });

    expect(said.out).toMatch(/^root\nit's [0-9].\ninput\n\/(root)?\n$/);
  });

  test("without input a command reads nothing", async () => {
    expect(await shared.run("cat; read -r line; echo $?")).toMatchObject({ out: "1\n" });
  });

  test("output keeps its bytes, and standard error is apart", async () => {
    const chunks: Uint8Array[] = [];
    await shared.run("printf '\\000\\377\\r\\n'; echo apart >&2", {
      onOutput: (chunk, from) => from === "stdout" && chunks.push(chunk),
    });

    expect([...Buffer.concat(chunks)]).toEqual([0, 255, 13, 10]);
  });

  test("output arrives while the command runs", async () => {
    let firstAt = Number.POSITIVE_INFINITY;
    await shared.run("echo first; sleep 2; echo second", { onOutput: () => (firstAt = Math.min(firstAt, Date.now())) });

    expect(Date.now() - firstAt).toBeGreaterThan(1500);
  });

  test.each([0, 1, 194, 255])("exit code %i is the command's", async (exitCode) => {
    expect(await shared.run(`exit ${exitCode}`)).toMatchObject({ exitCode, systemDown: false });
  });

  test("a command that a signal ends has 128 and the signal's number", async () => {
    expect((await shared.run("kill -TERM $$")).exitCode).toBe(143);
    expect((await shared.run("kill -SEGV $$")).exitCode).toBe(139);
  });

  test("an abort kills all processes of a command, background and detached ones too", async () => {
    const controller = new AbortController();
    const running = shared.run(
      "sleep 8881 & setsid sleep 8882 & (setsid nohup sleep 8883 > /dev/null 2>&1 &); su nobody -s /bin/sh -c 'sleep 8885' & sleep 0.5; echo up; sleep 8884",
      { signal: controller.signal, onOutput: () => controller.abort() },
    );

    expect((await running).exitCode).toBe(137);
    expect((await shared.run("sleep 0.3; pgrep -c -f -x 'sleep 888.'; true")).out).toBe("0\n");
  });

  test("a command whose signal has fired already does not continue", async () => {
    expect((await shared.run("sleep 100", { signal: AbortSignal.abort() })).exitCode).toBe(137);
  });

  test("users, sudo and packages' setuid programs work", async () => {
    const said = await shared.run(
      "useradd --create-home worker && echo 'worker ALL=(ALL) NOPASSWD:ALL' > /etc/sudoers.d/worker && su worker -c 'id -un; sudo id -un'",
    );

    expect(said).toMatchObject({ out: "worker\nroot\n", exitCode: 0 });
  });

  test("files keep owners, attributes and capabilities", async () => {
    const said = await shared.run(
      "touch /opt/f; chown 33:44 /opt/f; setcap cap_net_bind_service=ep /bin/true 2>&1; stat -c %u:%g /opt/f; mkfifo /opt/p && stat -c %F /opt/p",
    );

    expect(said.out).toContain("33:44\nfifo\n");
  });

  test("a listener on the machine's loopback address cannot be reached", async () => {
    let reached = 0;
    const server = createServer((_, response) => {
      reached++;
      response.end("machine");
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const hosts = ["127.0.0.1", "localhost", "10.0.2.2", "0.0.0.0", "[::1]", "169.254.169.254"];

    await shared.run(hosts.map((host) => `curl -s -m 3 http://${host}:${port}/`).join("; "));
    server.close();

    expect(reached).toBe(0);
  });

  test("the metadata service is the system's, version 2 only", async () => {
    const said = await shared.run(`
        at=http://169.254.169.254/latest
        curl -s -m 5 -o /dev/null -w '%{http_code}\\n' $at/meta-data/instance-id
        token="$(curl -s -m 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' $at/api/token)"
        curl -s -m 5 -H "X-aws-ec2-metadata-token: $token" $at/meta-data/instance-id; echo
        curl -s -m 5 -H "X-aws-ec2-metadata-token: $token" -o /dev/null -w '%{http_code}\\n' $at/meta-data/iam/security-credentials/`);

    expect(said.out).toBe("401\ni-0123456789abcdef0\n404\n");
  });

  test("1 GB of output does not stay in memory", async () => {
    const before = process.memoryUsage().rss;
    let bytes = 0;
    let most = 0;
    const said = await shared.system.run({
      script: "head -c 1G /dev/zero",
      onOutput: (chunk) => {
        bytes += chunk.length;
        most = Math.max(most, process.memoryUsage.rss());
      },
    });

    expect(said.exitCode).toBe(0);
    expect(bytes).toBe(2 ** 30);
    expect(most - before).toBeLessThan(200 * 2 ** 20);
  });

  test("a restart keeps the disk, and ends what ran", async () => {
    await using own = await bootHere(backend);
    await own.run("echo kept > /etc/kept; (setsid sleep 7771 > /dev/null 2>&1 &); echo gone > /run/gone; sync");

    await own.system.restart();

    expect((await own.run("cat /etc/kept; ls /run/gone; pgrep -c -f -x 'sleep 7771'")).out).toBe("kept\n0\n");
  });

  test("a system boots from a snapshot of another, while this one continues", async () => {
    const folder = mkdtempSync(join(tmpdir(), "snapshot-"));
    try {
      await using own = await bootHere(backend);
      await own.run("touch /etc/issue; echo baked > /etc/baked; rm /etc/issue; echo changed >> /etc/motd");
      await own.system.snapshot(join(folder, "layer"));
      await own.run("echo later > /etc/later");

      await using next = await bootHere(backend, { from: join(folder, "layer") });

      expect((await next.run("cat /etc/baked; ls /etc/issue /etc/later; tail -1 /etc/motd")).out).toBe(
        "baked\nchanged\n",
      );
      expect((await own.run("cat /etc/later")).out).toBe("later\n");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("after its end a system refuses commands", async () => {
    const own = await bootHere(backend);
    await Promise.all([own.system.close(), own.system.close()]);

    await expect(own.run("true")).rejects.toThrow("The system was closed");
    await sleep(0);
  });
}

/** Of a system whose first process is an init system. */
function testInit(shared: () => Here, backend: Backend): void {
  test("the system has finished booting, with no failed unit", async () => {
    expect(await shared().run("systemctl is-system-running")).toMatchObject({ exitCode: 0, out: "running\n" });
  });

  test("a restart starts the services that are enabled", async () => {
    await using own = await bootHere(backend);
    await own.run(`printf '%s\\n' '[Service]' 'ExecStart=/bin/sleep infinity' '[Install]' 'WantedBy=multi-user.target' > /etc/systemd/system/probe.service
        systemctl enable probe`);
    expect((await own.run("systemctl is-active probe")).out).toBe("inactive\n");

    await own.system.restart();

    expect((await own.run("systemctl is-active probe")).out).toBe("active\n");
  });

  test("a command that stops the system reports that it is down, and a restart follows", async () => {
    await using own = await bootHere(backend);

    expect((await own.run("systemctl poweroff --force; sleep 60")).systemDown).toBe(true);
  });
}
