import { expect, test } from "vitest";
import { chooseBackend } from "../../src/isolation/backends.ts";
import { namespaces } from "../../src/isolation/namespaces/namespaces.ts";
import type { Backend } from "../../src/isolation/system.ts";

const backend = (name: Backend["name"], lacks: readonly string[], hasInit = true): Backend => ({
  ...namespaces,
  name,
  hasInit,
  missing: async () => [...lacks],
});

test("the first backend that the machine can run is chosen", async () => {
  const bubblewrap = backend("bubblewrap", [], false);

  expect(await chooseBackend(undefined, [backend("namespaces", ["root"]), bubblewrap])).toEqual({
    backend: bubblewrap,
    note: "bubblewrap runs build phases only: it has no init system, so services do not start",
  });
});

test("a backend that is named is used, or its error says what it lacks", async () => {
  const all = [backend("namespaces", []), backend("podman", ["podman", "a running service"])];

  expect((await chooseBackend("namespaces", all)).backend).toBe(all[0]);
  await expect(chooseBackend("podman", all)).rejects.toThrow(
    "Documents cannot run in podman on this machine:\n  podman: missing podman; a running service",
  );
});

test("without a backend that runs unnamed, the error lists what every backend lacks", async () => {
  const all = [backend("namespaces", ["root"]), backend("bubblewrap", ["bwrap"]), backend("podman", [])];

  await expect(chooseBackend(undefined, all)).rejects.toThrow(
    "Documents cannot run for real on this machine:\n  namespaces: missing root\n  bubblewrap: missing bwrap\n  podman: available by --in podman",
  );
});
