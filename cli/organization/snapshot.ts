import { writeFile } from "node:fs/promises";
import { DescribeOrganizationCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { Command } from "commander";
import { stringify } from "yaml";
import { readAccountTags, readOrganization } from "../../adapters/organization/organizations.ts";
import { ORGANIZATIONS_REGION } from "../../core/organization/management-side.ts";
import { indexTree } from "../../core/organization/organization-tree.ts";
import { patient } from "../command/open-ledger.ts";
import { printFound, printJson, say } from "../command/print.ts";

/** `amint org snapshot`: the organization in the form that `amint try --organization` reads. */
export const snapshotCommand = (): Command =>
  new Command("snapshot")
    .description("save the organization's OUs and accounts as YAML, for amint try --organization; read-only")
    .argument("[file]", "the file to write (default: standard output)")
    .action(async (file: string | undefined, { json }: { readonly json?: true }) => {
      const snapshot = await takeSnapshot(new OrganizationsClient(patient(ORGANIZATIONS_REGION)));
      if (json && file === undefined) return printJson(snapshot);
      const yaml = stringify(snapshot);
      if (file === undefined) return printFound(yaml.split("\n"), (lines) => lines);
      await writeFile(file, yaml);
      if (json) return printJson({ file });
      say`${file}: ${yaml.match(/\bid: "\d{12}"/g)?.length ?? 0} accounts`;
    });

/** Without e-mail addresses. @throws AccessDeniedException unless the management account lets the factory's account read */
async function takeSnapshot(client: OrganizationsClient): Promise<object> {
  const { Organization } = await client.send(new DescribeOrganizationCommand({}));
  const tree = await readOrganization(client);
  const tags = new Map<string, Readonly<Record<string, string>>>();
  // Sequential: Organizations allows ten requests per second.
  for (const { id } of tree.accounts) tags.set(id, await readAccountTags(client, id));
  const { accountsIn, unitsIn, account } = indexTree(tree);
  const written = ({ id, name, active }: { id: string; name: string; active: boolean }) => ({
    id,
    name,
    ...(!active && { status: "SUSPENDED" }),
    ...(Object.keys(tags.get(id) ?? {}).length > 0 && { tags: tags.get(id) }),
  });
  const management = Organization?.MasterAccountId ?? "";
  const below = (parent: string): object => ({
    accounts: accountsIn(parent)
      .filter(({ id }) => id !== management)
      .map(written),
    units: unitsIn(parent).map(({ id, name }) => ({ name, id, ...below(id) })),
  });
  return {
    id: Organization?.Id,
    rootId: tree.rootId,
    featureSet: Organization?.FeatureSet,
    management: written(account(management) ?? { id: management, name: "management", active: true }),
    ...below(tree.rootId),
  };
}
