import type * as Sdk from "@aws-sdk/client-kms";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { authorizeKey, findAlias, requireKey, requireLivingKey } from "./find-key.ts";
import { addAlias } from "./make-key.ts";
import { type Alias, kmsState } from "./state.ts";

const aliasArn = ({ aws, account, region }: Call, name = ""): string =>
  `arn:${aws.partition}:kms:${region}:${account}:${name}`;

/** Both the alias and its key must be granted (KMS developer guide, "Controlling access to aliases"). */
const authorizeBoth = (call: Call, name: string | undefined, keyId: string | undefined) => [
  { resources: [aliasArn(call, name)] },
  authorizeKey(call, keyId),
];

function requireAlias(call: Call, name: string | undefined): Alias {
  const alias = name ? findAlias(call.aws, call, name) : undefined;
  if (!alias) throw new AwsError("NotFoundException", `Alias ${aliasArn(call, name)} is not found.`);
  return alias;
}

export const operations = {
  CreateAlias: {
    authorize: (input, call) => authorizeBoth(call, input.AliasName, input.TargetKeyId),
    run(input, call) {
      const { aws, account, region } = call;
      const name = input.AliasName ?? "";
      if (!/^alias\/[a-zA-Z0-9/_-]+$/.test(name) || name.startsWith("alias/aws/")) {
        throw new AwsError("InvalidAliasNameException", `Alias must start with the prefix "alias/". Got ${name}`);
      }
      if (aws.state(kmsState, account, region).aliases.has(name)) {
        throw new AwsError("AlreadyExistsException", `An alias with the name ${aliasArn(call, name)} already exists`);
      }
      addAlias(aws, account, region, name, requireLivingKey(call, input.TargetKeyId).id);
    },
  },
  UpdateAlias: {
    authorize: (input, call) => authorizeBoth(call, input.AliasName, input.TargetKeyId),
    run(input, call) {
      const alias = requireAlias(call, input.AliasName);
      alias.keyId = requireLivingKey(call, input.TargetKeyId).id;
      alias.updatedAt = call.aws.clock.now();
    },
  },
  DeleteAlias: {
    authorize: (input, call) => authorizeBoth(call, input.AliasName, input.AliasName),
    run(input, call) {
      const { name } = requireAlias(call, input.AliasName);
      call.aws.state(kmsState, call.account, call.region).aliases.delete(name);
    },
  },
  ListAliases: {
    list: "Aliases",
    run(input, call) {
      const { aws, account, region } = call;
      findAlias(aws, call, "alias/aws/ebs");
      const keyId = input.KeyId ? requireKey(aws, call, input.KeyId).id : undefined;
      const aliases = [...aws.state(kmsState, account, region).aliases.values()]
        .filter((alias) => !keyId || alias.keyId === keyId)
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      return {
        Aliases: aliases.map((alias) => ({
          AliasName: alias.name,
          AliasArn: alias.arn,
          TargetKeyId: alias.keyId,
          CreationDate: new Date(alias.createdAt),
          LastUpdatedDate: new Date(alias.updatedAt),
        })),
      };
    },
  },
} satisfies Operations<typeof Sdk>;
