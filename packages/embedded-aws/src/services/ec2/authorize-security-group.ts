import type * as Sdk from "@aws-sdk/client-ec2";
import type {
  AuthorizeSecurityGroupEgressCommandInput,
  IpPermission,
  RevokeSecurityGroupEgressCommandInput,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../../engine/aws-error.ts";
import type { Call, Operations } from "../../engine/operation.ts";
import { authorizeResource } from "./authorization.ts";
import { missingParameter } from "./refusals.ts";
import { sameRule, toRuleOutput, toRules } from "./security-group-rules.ts";
import { requireSecurityGroup } from "./security-groups.ts";

type AuthorizeInput = AuthorizeSecurityGroupEgressCommandInput;
type RevokeInput = RevokeSecurityGroupEgressCommandInput;

/** Both forms of a request: `IpPermissions`, or one permission spelled out. */
function permissionsOf(input: AuthorizeInput | RevokeInput): IpPermission[] {
  if (input.IpPermissions?.length) return input.IpPermissions;
  if (!input.IpProtocol) throw missingParameter("ipPermissions");
  const { IpProtocol, FromPort, ToPort, CidrIp } = input;
  return [{ IpProtocol, FromPort, ToPort, IpRanges: CidrIp ? [{ CidrIp }] : [] }];
}

const authorizeRules = (egress: boolean) => ({
  authorize: ({ GroupId }: AuthorizeInput, call: Call) => [authorizeResource(call, "security-group", GroupId)],
  run(input: AuthorizeInput, call: Call) {
    const group = requireSecurityGroup(call, input.GroupId);
    const added = toRules(call.aws, permissionsOf(input), egress);
    const double = added.find((rule) => group.rules.some((other) => sameRule(rule, other)));
    if (double) {
      throw new AwsError(
        "InvalidPermission.Duplicate",
        `the specified rule "peer: ${double.peer.value}, ${double.protocol === "-1" ? "ALL" : double.protocol}, ALLOW" already exists`,
        { status: 400 },
      );
    }
    group.rules.push(...added);
    return { Return: true, SecurityGroupRules: added.map((rule) => toRuleOutput(group, call.account, rule)) };
  },
});

const revokeRules = (egress: boolean) => ({
  authorize: ({ GroupId }: RevokeInput, call: Call) => [authorizeResource(call, "security-group", GroupId)],
  run(input: RevokeInput, call: Call) {
    const group = requireSecurityGroup(call, input.GroupId);
    const ids = input.SecurityGroupRuleIds ?? [];
    const meant = ids.length > 0 ? [] : toRules(call.aws, permissionsOf(input), egress);
    const removed = group.rules.filter(
      (rule) => rule.egress === egress && (ids.includes(rule.id) || meant.some((one) => sameRule(one, rule))),
    );
    if (removed.length < ids.length + meant.length) {
      throw new AwsError("InvalidPermission.NotFound", "The specified rule does not exist in this security group.", {
        status: 400,
      });
    }
    group.rules = group.rules.filter((rule) => !removed.includes(rule));
    return { Return: true };
  },
});

export const operations = {
  AuthorizeSecurityGroupEgress: authorizeRules(true),
  AuthorizeSecurityGroupIngress: authorizeRules(false),
  RevokeSecurityGroupEgress: revokeRules(true),
  RevokeSecurityGroupIngress: revokeRules(false),
} satisfies Operations<typeof Sdk>;
