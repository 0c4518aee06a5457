import type { CreateLogGroupCommandInput, LogGroupClass } from "@aws-sdk/client-cloudwatch-logs";
import type { Inputs } from "./inputs.ts";
import { byResourceArn, type Create, known, type ResourceType, retag, type Site } from "./resource-type.ts";

/** The provider's value for events that never expire. */
const NEVER = 0;

const createLogGroup: Create = async (inputs, site) => {
  const logGroupName = inputs.text("name");
  await site.call("logs", "CreateLogGroup", {
    logGroupName,
    kmsKeyId: inputs.maybeText("kmsKeyId"),
    logGroupClass: inputs.maybeText<LogGroupClass>("logGroupClass"),
    tags: inputs.textMap("tags"),
  } satisfies CreateLogGroupCommandInput);
  await retain(inputs, undefined, site);
  return known(logGroupName, `arn:aws:logs:${site.region}:${site.account}:log-group:${logGroupName}`);
};

async function retain(inputs: Inputs, before: Inputs | undefined, site: Site): Promise<void> {
  const logGroupName = inputs.text("name");
  const retentionInDays = inputs.number("retentionInDays") ?? NEVER;
  if (retentionInDays === (before?.number("retentionInDays") ?? NEVER)) return;
  if (retentionInDays === NEVER) await site.call("logs", "DeleteRetentionPolicy", { logGroupName });
  else await site.call("logs", "PutRetentionPolicy", { logGroupName, retentionInDays });
}

async function encrypt(inputs: Inputs, before: Inputs, site: Site): Promise<void> {
  const logGroupName = inputs.text("name");
  const kmsKeyId = inputs.maybeText("kmsKeyId");
  if (kmsKeyId === before.maybeText("kmsKeyId")) return;
  if (kmsKeyId) await site.call("logs", "AssociateKmsKey", { logGroupName, kmsKeyId });
  else await site.call("logs", "DisassociateKmsKey", { logGroupName });
}

export const logGroup: ResourceType = {
  create: createLogGroup,
  async update(inputs, site, before) {
    await retain(inputs, before.inputs, site);
    await encrypt(inputs, before.inputs, site);
    await retag(inputs, before, site, byResourceArn("logs", before.attributes.arn));
    return before.attributes;
  },
  async delete({ inputs, attributes: { name: logGroupName } }, site) {
    if (inputs.flag("skipDestroy")) return;
    await site.call("logs", "DeleteLogGroup", { logGroupName });
  },
  replacedBy: ["name", "logGroupClass"],
};
