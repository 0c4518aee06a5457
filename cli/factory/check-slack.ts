import type { KMSClient } from "@aws-sdk/client-kms";
import type { SSMClient } from "@aws-sdk/client-ssm";
import { describeSlackSecret, findSlackKey } from "../../adapters/notice/slack-secrets.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { slackKeyAlias, slackSecretParameter, slackSecrets } from "../../core/notice/slack-secrets.ts";
import type { Finding } from "./finding.ts";

const STORE = "amint slack secrets";

/** Checks that Slack's secrets are stored under a key that the functions may use. Does not read their values. */
export async function checkSlackSecrets(
  { name, notify, buildRegion }: Pick<Factory, "name" | "notify" | "buildRegion">,
  { kms, ssm }: { readonly kms: KMSClient; readonly ssm: SSMClient },
): Promise<Finding[]> {
  if (!notify.slack) return [];
  const key = await findSlackKey(kms, name);
  if (!key) {
    const where = `${slackKeyAlias(name)} in ${buildRegion}`;
    return [{ where, what: "does not exist: Slack's secrets cannot be stored", fix: "deploy the factory again" }];
  }
  const findings: Finding[] = [];
  for (const secret of slackSecrets) {
    const where = slackSecretParameter(name, secret);
    const found = await describeSlackSecret(ssm, name, secret);
    // Stored only after the first deployment; promotions work without them.
    if (!found) findings.push({ where, what: "is missing: the factory cannot use Slack", fix: STORE, warning: true });
    else if (found.type !== "SecureString") {
      const fix = `aws ssm delete-parameter --name ${where}, then ${STORE}`;
      findings.push({ where, what: `is a ${found.type}, not a SecureString: its value is not encrypted`, fix });
    } else if (found.key !== key) {
      findings.push({ where, what: `is encrypted with ${found.key}, which the functions may not use`, fix: STORE });
    }
  }
  return findings;
}
