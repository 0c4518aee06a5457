import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { organizationFromFile } from "../../local/organization/organization-file.ts";
import factory from "./configs/other-names.ts";

const ACCOUNT = "444433332222";

async function fileOf(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "amint-organization-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "organization.yaml");
  await writeFile(file, text);
  return file;
}

test("an organization of a file that lacks what the config names is refused with a line for each", async () => {
  const file = await fileOf("id: o-somebodyelse\nrootId: r-q7w8\nmanagement: { id: 999988887777, name: m }\n");

  await expect(organizationFromFile(file, factory, ACCOUNT)).rejects.toThrow(
    [
      `${file} is not the organization that the config names:`,
      "  organization.id: the file has o-somebodyelse",
      "  organization.managementAccountId: the file has 999988887777",
      "  the factory's account 444433332222 is not in it",
      "  the organizational unit ou-q7w8-aaaaaaaa is not in it",
      "  the organizational unit ou-q7w8-bbbbbbbb is not in it",
      "  consumers: the account 333300007777 is not in it",
    ].join("\n"),
  );
});

test("the factory's account gets a network if the config builds in one and the file does not name it", async () => {
  const file = await fileOf(`
id: o-q7w8e9r0t1
rootId: r-q7w8
management: { id: 222200007777, name: management }
accounts: [{ id: 333300007777, name: asked }]
units:
  - { name: a, id: ou-q7w8-aaaaaaaa, accounts: [{ id: 444433332222, name: image-factory }] }
  - { name: b, id: ou-q7w8-bbbbbbbb }
`);

  const { units } = await organizationFromFile(file, factory, ACCOUNT);

  expect(units?.[0]?.accounts).toEqual([
    {
      id: ACCOUNT,
      name: "image-factory",
      defaultVpc: false,
      networks: [
        {
          region: "ap-southeast-1",
          name: "try-builds",
          vpcId: "vpc-0a1b2c3d4e5f67890",
          subnetIds: ["subnet-0a1b2c3d4e5f67890", "subnet-0f9e8d7c6b5a43210"],
        },
      ],
    },
  ]);
});
