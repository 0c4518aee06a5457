import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { addVersion } from "./add-version.ts";
import { PUBLIC_ACCOUNT } from "./state.ts";

/** What AWS does in its own account: writes `/aws/service/...` for everybody to read. No event reaches other accounts. */
export function publishPublicParameter(
  aws: EmbeddedAws,
  region: string,
  parameter: { readonly name: string; readonly value: string; readonly dataType: "text" | "aws:ec2:image" },
): void {
  addVersion(aws, { account: PUBLIC_ACCOUNT, region }, parameter.name, {
    value: parameter.value,
    type: "String",
    dataType: parameter.dataType,
    tier: "Standard",
    description: undefined,
    allowedPattern: undefined,
    keyId: undefined,
    modifiedBy: "Amazon Web Services",
  });
}
