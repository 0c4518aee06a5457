import type * as Sdk from "@aws-sdk/client-ec2";
import type {
  AuthorizeSecurityGroupEgressCommandInput,
  IpPermission,
  RevokeSecurityGroupEgressCommandInput,
  SecurityGroupRule as SecurityGroupRuleOutput,
} from "@aws-sdk/client-ec2";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { authorizeCreationTags, authorizeResource, ec2Arn } from "./authorization.ts";
import { toPredicate } from "./filters.ts";
import { instancesState } from "./instances/instance.ts";
import { networkOf, type Place } from "./network/state.ts";
import { defaultVpcOf, requireDefaultVpc, requireVpc } from "./network/visible.ts";
import { missingParameter } from "./refusals.ts";
import { addTags, specifiedTags, tagsOf, toTags } from "./resource-tags.ts";
import { everythingOut, sameRule, toIpPermissions, toRuleOutput, toRules } from "./security-group-rules.ts";
import { ec2State, type SecurityGroup, type SecurityGroupRule } from "./state.ts";

/** The account's groups in the region, including each VPC's default group. */
function groupsOf(aws: EmbeddedAws, place: Place): Map<string, SecurityGroup> {
  const { securityGroups } = aws.state(ec2State, place.account, place.region);
  for (const { id: vpcId, defaultGroupId: id } of networkOf(aws, place).vpcs.values()) {
    if (securityGroups.has(id)) continue;
    const description = "default VPC security group";
    securityGroups.set(id, { id, name: "default", description, vpcId, rules: [everythingOut(aws)] });
  }
  return securityGroups;
}

/** @throws InvalidGroup.NotFound */
export function findSecurityGroup(aws: EmbeddedAws, place: Place, id: string | undefined): SecurityGroup {
  const group = groupsOf(aws, place).get(id ?? "");
  if (group) return group;
  throw new AwsError("InvalidGroup.NotFound", `The security group '${id}' does not exist`);
}

/** @throws InvalidGroup.NotFound */
export const requireSecurityGroup = (call: Call, id: string | undefined): SecurityGroup =>
  findSecurityGroup(call.aws, call, id);

/** A name refers to a group of the default VPC. @throws InvalidGroup.NotFound */
export function findSecurityGroupNamed(aws: EmbeddedAws, place: Place, name: string): SecurityGroup {
  const vpc = defaultVpcOf(aws, place);
  const group = [...groupsOf(aws, place).values()].find((one) => one.name === name && one.vpcId === vpc?.id);
  if (group) return group;
  throw new AwsError("InvalidGroup.NotFound", `The security group '${name}' does not exist in default VPC`);
}

/** @throws DependencyViolation while an instance uses the group, or another group's rule names it */
function requireUnused(call: Call, id: string): void {
  const { instances } = call.aws.state(instancesState, call.account, call.region);
  const isLaunched = [...instances.values()].some(
    ({ launch, state }) => state !== "terminated" && launch.securityGroups.some((group) => group.id === id),
  );
  const isNamed = [...groupsOf(call.aws, call).values()].some(
    (group) => group.id !== id && group.rules.some(({ peer }) => peer.kind === "group" && peer.value === id),
  );
  if (!isLaunched && !isNamed) return;
  throw new AwsError("DependencyViolation", `resource ${id} has a dependent object`);
}

type AuthorizeInput = AuthorizeSecurityGroupEgressCommandInput;
type RevokeInput = RevokeSecurityGroupEgressCommandInput;

/** Reads both forms of a request: `IpPermissions`, or a single permission in its own members. */
function permissionsOf(input: AuthorizeInput | RevokeInput): IpPermission[] {
  if (input.IpPermissions?.length) return input.IpPermissions;
  if (!input.IpProtocol) throw missingParameter("ipPermissions");
  const { IpProtocol, FromPort, ToPort, CidrIp } = input;
  return [{ IpProtocol, FromPort, ToPort, IpRanges: CidrIp ? [{ CidrIp }] : [] }];
}

const authorizeRules = (egress: boolean) => ({
  authorize: ({ GroupId, TagSpecifications }: AuthorizeInput, call: Call) => [
    authorizeResource(call, "security-group", GroupId),
    ...authorizeCreationTags(call, `AuthorizeSecurityGroup${egress ? "Egress" : "Ingress"}`, TagSpecifications),
  ],
  run(input: AuthorizeInput, call: Call) {
    const group = requireSecurityGroup(call, input.GroupId);
    const added = toRules(call.aws, permissionsOf(input), egress);
    const double = added.find((rule) => group.rules.some((other) => sameRule(rule, other)));
    if (double) {
      throw new AwsError(
        "InvalidPermission.Duplicate",
        `the specified rule "peer: ${double.peer.value}, ${double.protocol === "-1" ? "ALL" : double.protocol}, ALLOW" already exists`,
      );
    }
    group.rules.push(...added);
    const tags = specifiedTags(input.TagSpecifications, "security-group-rule");
    for (const { id } of added) addTags(call.aws, call, id, tags);
    return { Return: true, SecurityGroupRules: added.map((rule) => describedRule(call, { group, rule })) };
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
      throw new AwsError("InvalidPermission.NotFound", "The specified rule does not exist in this security group.");
    }
    group.rules = group.rules.filter((rule) => !removed.includes(rule));
    const { tags } = call.aws.state(ec2State, call.account, call.region);
    for (const { id } of removed) tags.delete(id);
    return { Return: true };
  },
});

interface RuleOf {
  readonly group: SecurityGroup;
  readonly rule: SecurityGroupRule;
}

const rulesOf = (call: Call): RuleOf[] =>
  [...groupsOf(call.aws, call).values()].flatMap((group) => group.rules.map((rule) => ({ group, rule })));

/** @throws InvalidSecurityGroupRuleId.NotFound */
export function requireRule(call: Call, id: string): RuleOf {
  const found = rulesOf(call).find(({ rule }) => rule.id === id);
  if (found) return found;
  throw new AwsError("InvalidSecurityGroupRuleId.NotFound", `The security group rule ID '${id}' does not exist`);
}

const describedRule = (call: Call, { group, rule }: RuleOf): SecurityGroupRuleOutput => ({
  ...toRuleOutput(group, call.account, rule),
  SecurityGroupRuleArn: ec2Arn(call, "security-group-rule", rule.id),
  Tags: toTags(tagsOf(call.aws, call, rule.id)),
});

export const operations = {
  CreateSecurityGroup: {
    authorize: (input, call) => [
      { resources: [ec2Arn(call, "security-group", "*")] },
      authorizeResource(call, "vpc", input.VpcId ?? defaultVpcOf(call.aws, call)?.id),
      ...authorizeCreationTags(call, "CreateSecurityGroup", input.TagSpecifications),
    ],
    run(input, call) {
      const { aws } = call;
      const { GroupName: name, Description: description } = input;
      if (!name) throw missingParameter("groupName");
      if (!description) throw missingParameter("groupDescription");
      const { id: vpcId } = input.VpcId ? requireVpc(aws, call, input.VpcId) : requireDefaultVpc(aws, call);
      const groups = groupsOf(aws, call);
      if ([...groups.values()].some((group) => group.name === name && group.vpcId === vpcId)) {
        throw new AwsError("InvalidGroup.Duplicate", `The security group '${name}' already exists for VPC '${vpcId}'`);
      }
      const id = `sg-${aws.hexId(17)}`;
      groups.set(id, { id, name, description, vpcId, rules: [everythingOut(aws)] });
      addTags(aws, call, id, specifiedTags(input.TagSpecifications, "security-group"));
      return {
        GroupId: id,
        SecurityGroupArn: ec2Arn(call, "security-group", id),
        Tags: toTags(tagsOf(aws, call, id)),
      };
    },
  },
  DeleteSecurityGroup: {
    authorize: (input, call) => [authorizeResource(call, "security-group", input.GroupId)],
    run(input, call) {
      const { id, name, rules } = requireSecurityGroup(call, input.GroupId);
      if (name === "default") {
        throw new AwsError("CannotDelete", `the specified group: "${id}" name: "default" cannot be deleted by a user`);
      }
      requireUnused(call, id);
      const state = call.aws.state(ec2State, call.account, call.region);
      state.securityGroups.delete(id);
      for (const gone of [id, ...rules.map((rule) => rule.id)]) state.tags.delete(gone);
      return { Return: true, GroupId: id };
    },
  },
  DescribeSecurityGroups: {
    list: "SecurityGroups",
    run(input, call) {
      const passes = toPredicate<SecurityGroup>(
        input.Filters,
        {
          description: (group) => group.description,
          "group-id": (group) => group.id,
          "group-name": (group) => group.name,
          "owner-id": () => call.account,
          "vpc-id": (group) => group.vpcId,
        },
        (group) => tagsOf(call.aws, call, group.id),
      );
      const named = input.GroupIds?.length
        ? input.GroupIds.map((id) => requireSecurityGroup(call, id))
        : [...groupsOf(call.aws, call).values()];
      const groups = named.filter(
        (group) => passes(group) && (!input.GroupNames?.length || input.GroupNames.includes(group.name)),
      );
      return {
        SecurityGroups: groups.map((group) => ({
          GroupId: group.id,
          GroupName: group.name,
          Description: group.description,
          OwnerId: call.account,
          VpcId: group.vpcId,
          SecurityGroupArn: ec2Arn(call, "security-group", group.id),
          IpPermissions: toIpPermissions(group, call.account, false),
          IpPermissionsEgress: toIpPermissions(group, call.account, true),
          Tags: toTags(tagsOf(call.aws, call, group.id)),
        })),
      };
    },
  },
  DescribeSecurityGroupRules: {
    list: "SecurityGroupRules",
    run({ SecurityGroupRuleIds: ids = [], Filters }, call) {
      const asked = ids.length > 0 ? ids.map((id) => requireRule(call, id)) : rulesOf(call);
      const passes = toPredicate<RuleOf>(
        Filters,
        { "group-id": ({ group }) => group.id, "security-group-rule-id": ({ rule }) => rule.id },
        ({ rule }) => tagsOf(call.aws, call, rule.id),
      );
      return { SecurityGroupRules: asked.filter(passes).map((one) => describedRule(call, one)) };
    },
  },
  AuthorizeSecurityGroupEgress: authorizeRules(true),
  AuthorizeSecurityGroupIngress: authorizeRules(false),
  RevokeSecurityGroupEgress: revokeRules(true),
  RevokeSecurityGroupIngress: revokeRules(false),
} satisfies Operations<typeof Sdk>;
