import type { EmbeddedAws } from "../../src/engine/embedded-aws.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { ACCOUNT, type aBuilder, REGION } from "../imagebuilder/builder.ts";

type Call = Awaited<ReturnType<typeof aBuilder>>["call"];

const three = [1, 2, 3];

/** Shares of the account, and of another that invites it. */
export async function filledShares(aws: EmbeddedAws, call: Call): Promise<void> {
  const parameter = (n: number) => `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/shared/p-${n}`;
  await call("ram", "EnableSharingWithAwsOrganization", {});
  for (const n of three) {
    await call("ssm", "PutParameter", { Name: `/shared/p-${n}`, Value: "v", Type: "String", Tier: "Advanced" });
  }
  for (const n of three) {
    const principals = three.map((one) => `22223333444${one}`);
    await call("ram", "CreateResourceShare", { name: `s-${n}`, resourceArns: three.map(parameter), principals });
    // Invitations from other accounts.
    const other = { principal: accountPrincipal("666677778888"), region: REGION };
    await aws.call("ram", "CreateResourceShare", { name: `foreign-${n}`, principals: [ACCOUNT] }, other);
  }
}
