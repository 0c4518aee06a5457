import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";

interface Document {
  readonly phases: readonly { readonly steps: readonly { name: string; inputs: { commands?: readonly string[] } }[] }[];
}

const read = (name: string): ReadonlyMap<string, string> => {
  const text = readFileSync(new URL(`../../images/components/${name}.yaml`, import.meta.url), "utf8");
  const steps = (parse(text) as Document).phases.flatMap((phase) => phase.steps);
  return new Map(steps.map(({ name: step, inputs }) => [step, (inputs.commands ?? []).join("\n")]));
};

const hardening = read("windows-hardening");
const tests = read("windows-hardening-tests");
const scriptOf = (document: typeof hardening, step: string) => document.get(step) ?? expect.fail(`no step ${step}`);

/** Values of the registry as scripts list them, with what variables in the paths stand for. */
function registryIn(script: string): string[] {
  const variables = [...script.matchAll(/^\$(\w+) = '(HKLM:[^']*)'$/gm)].map(([, name = "", value = ""]) => [
    name,
    value,
  ]);
  return [...script.matchAll(/@\(["']((?:HKLM:|\$)[^"']*)["'], '(\w+)', (\d+)\)/g)].map(
    ([, path = "", name, number]) => {
      const whole = variables.reduce((text, [from = "", to = ""]) => text.replace(`$${from}`, to), path);
      return `${whole}\\${name} = ${number}`;
    },
  );
}

test("each registry value that the hardening sets is tested for the same number", () => {
  const set = registryIn(scriptOf(hardening, "SetRegistry"));
  const tested = [
    ...registryIn(scriptOf(tests, "NamesAndLogons")),
    ...[...scriptOf(tests, "RemoteDesktop").matchAll(/\$found\.(\w+) -(?:ne|lt) (\d)/g)].map(
      ([, name, number]) =>
        `HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server\\WinStations\\RDP-Tcp\\${name} = ${number}`,
    ),
  ];

  expect(set.length).toBeGreaterThan(12);
  expect(scriptOf(tests, "DotNet")).toContain("$found.SchUseStrongCrypto -ne 1");
  tested.push("$root\\Microsoft\\.NETFramework\\v4.0.30319\\SchUseStrongCrypto = 1");
  expect(tested.toSorted()).toEqual(set.toSorted());
});

test("each number of the account policy is tested, and the guest account", () => {
  const template = scriptOf(hardening, "SetAccountPolicy");
  const accounts = scriptOf(tests, "Accounts");
  const set = [...template.matchAll(/^(\w+) = (\d+)$/gm)].map(([, name = "", number = ""]) => ({ name, number }));
  const least = new Map([...accounts.matchAll(/(\w+) = (\d+)[; ]/g)].map(([, name, number]) => [name, number]));

  expect(set.length).toBeGreaterThan(9);
  for (const { name, number } of set) {
    if (name === "EnableGuestAccount") expect(accounts).toContain("$guest.Enabled");
    else if (name === "LockoutBadCount") expect(accounts).toContain(`$found.LockoutBadCount -gt ${number}`);
    else if (name === "MaximumPasswordAge") expect(accounts).toContain(`$found.MaximumPasswordAge -gt ${number}`);
    else if (number === "0") expect(accounts).toContain(`$found.${name} -ne 0`);
    else expect([name, least.get(name)]).toEqual([name, number]);
  }
});

test("each audited subcategory is tested: 1 for success, 2 for failure", () => {
  const set = [...scriptOf(hardening, "SetAuditPolicy").matchAll(/'(\{[0-9A-F-]+\})' = (.*)/g)].map(
    ([, id, what = ""]) => [id, String((what.includes("success") ? 1 : 0) + (what.includes("failure") ? 2 : 0))],
  );
  const tested = [...scriptOf(tests, "Auditing").matchAll(/'(\{[0-9A-F-]+\})' = (\d)/g)].map(([, id, value]) => [
    id,
    value,
  ]);

  expect(set).toHaveLength(10);
  expect(tested).toEqual(set);
});

test("TLS 1.0 and 1.1 are off for both sides, and the tests look at both", () => {
  const loops = ["foreach ($protocol in 'TLS 1.0', 'TLS 1.1') {", "foreach ($side in 'Client', 'Server') {"];
  for (const script of [scriptOf(hardening, "SetRegistry"), scriptOf(tests, "Tls")]) {
    for (const loop of loops) expect(script).toContain(loop);
  }
});
