import { describe, expect, it } from "vitest";
import { consumersSchema, shareSchema } from "../../core/factory/share-schema.ts";
import type { OrganizationTree } from "../../core/organization/organization-tree.ts";
import { asksTree, planVerification } from "../../core/share/plan-verification.ts";

const account = (id: string, parent: string, active = true) => ({ id, name: id, parent, active });

const tree: OrganizationTree = {
  rootId: "r-exam",
  units: [{ id: "ou-exam-sandbox1", name: "Sandbox", parent: "r-exam" }],
  accounts: [
    account("200000000001", "ou-exam-sandbox1"),
    account("200000000002", "ou-exam-sandbox1", false),
    account("444455556666", "r-exam"),
  ],
};

const consumers = consumersSchema.parse({
  verify: ["200000000002", "444455556666"],
  canary: { account: "200000000001" },
  subnets: { "200000000001": { "us-east-1": "subnet-0a1b2c3d" }, "*": { tag: { Name: "images" } } },
});

const plan = (share: object, known: OrganizationTree | undefined = tree, region = "eu-west-1") =>
  planVerification({ consumers, share: shareSchema.parse(share), architecture: "arm64", region }, known);

describe("who is asked, as consumers", () => {
  it("are those of the accounts that the channel reaches and that are open, the canary's among them", () => {
    expect(plan({ organization: true }).accounts).toEqual(["444455556666", "200000000001"]);
    expect(plan({ organizationalUnits: ["ou-exam-sandbox1"] }).accounts).toEqual(["200000000001"]);
    expect(plan({ organization: true, except: { accounts: ["444455556666"] } }).accounts).toEqual(["200000000001"]);
  });

  it("launch where the channel reaches the canary's account, on what suits the image", () => {
    const small = { account: "200000000001", instanceType: "t4g.micro", autoScaling: true };

    expect(plan({ organization: true }).canary).toEqual(small);
    expect(plan({ accounts: ["444455556666"] }).canary).toBeUndefined();
  });

  it("launch in the account's subnet of the region, or in the one for all other accounts", () => {
    const tag = { tag: { Name: "images" } };

    expect(plan({ organization: true }).subnets).toEqual({ "444455556666": tag });
    expect(plan({ organization: true }, tree, "us-east-1").subnets).toEqual({
      "200000000001": "subnet-0a1b2c3d",
      "444455556666": tag,
    });
  });

  it("are known without a look at the organization where the share says it by itself", () => {
    const all = shareSchema.parse({ organization: true });
    const unit = shareSchema.parse({ organizationalUnits: ["ou-exam-sandbox1"] });
    const excepted = shareSchema.parse({ organization: true, except: { accounts: ["444455556666"] } });

    expect([all, unit, excepted].map(asksTree)).toEqual([false, true, true]);
    expect(
      planVerification({ consumers, share: all, architecture: "x86_64", region: "eu-west-1" }, undefined).accounts,
    ).toEqual(["200000000002", "444455556666", "200000000001"]);
  });
});
