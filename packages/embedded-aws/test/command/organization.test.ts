import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readOrganization, readSeed } from "../../src/command/read-organization.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "organization-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(text: string) {
  const file = join(folder, "organization.yaml");
  await writeFile(file, text);
  return readOrganization(file);
}

const faultsOf = async (text: string): Promise<string[]> => {
  const error = await read(text).then(
    () => new Error("It was read."),
    (cause: Error) => cause,
  );
  return error.message.replaceAll(`${folder}/`, "").split("\n  ").slice(1);
};

test("an organization is read with account ids as they stand, also those that begin with 0", async () => {
  const organization = await read(`
management: { id: 012345678901, name: management }
units:
  - name: Workloads
    tags: { stage: 1 }
    units: [{ name: Production, accounts: [{ id: 500000000001, name: shop }] }]
`);

  expect(organization).toEqual({
    management: { id: "012345678901", name: "management" },
    units: [
      {
        name: "Workloads",
        tags: { stage: "1" },
        units: [{ name: "Production", accounts: [{ id: "500000000001", name: "shop" }] }],
      },
    ],
  });
});

test("the default organization can be read", async () => {
  expect((await readSeed(undefined)).management.id).toBe("999988887777");
});

test("an error names file, line, path and what would be valid", async () => {
  const faults = await faultsOf(`
id: o-exampleorgid
rootId: r-exam
management:
  id: 99998888
  name: management
accounts:
  - { id: 111122223333, name: factory, status: CLOSED, colour: blue }
units:
  - name: Workloads
    id: ou-else-workload
  - accounts: []
`);

  expect(faults.sort()).toEqual([
    "organization.yaml:12: units[1].name: expected a string",
    "organization.yaml:5: management.id: expected 12 digits",
    "organization.yaml:8: accounts[0].colour: unknown key; valid keys are id, name, email, status, tags, defaultVpc, networks",
    "organization.yaml:8: accounts[0].status: expected one of ACTIVE, SUSPENDED, PENDING_CLOSURE",
  ]);
});

test("duplicate ids and OUs of another root are errors", async () => {
  const faults = await faultsOf(`
rootId: r-exam
management: { id: 999988887777, name: management }
accounts: [{ id: 999988887777, name: again }]
units:
  - { name: Workloads, id: ou-else-workload }
`);

  expect(faults).toEqual([
    "organization.yaml:4: accounts[0].id: 999988887777 appears more than once",
    "organization.yaml:6: units[0].id: expected ou-exam-..., because the root is r-exam",
  ]);
});

test("a file that is missing, not YAML, or not a mapping is an error", async () => {
  expect(await faultsOf("management: { id: 1")).toEqual([expect.stringMatching(/^organization.yaml:1: Flow map/)]);
  expect(await faultsOf("- 1")).toEqual(["organization.yaml:1: the organization: expected a mapping"]);
  await expect(readOrganization(join(folder, "missing.yaml"))).rejects.toThrow(/missing.yaml: ENOENT/);
});
