import type { IpPermission, SecurityGroupRule as RuleOutput } from "@aws-sdk/client-ec2";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { SecurityGroup, SecurityGroupRule } from "./state.ts";

/** The default rule of a new group: all outbound traffic is allowed, no inbound traffic. */
export const everythingOut = (aws: EmbeddedAws): SecurityGroupRule => ({
  id: `sgr-${aws.hexId(17)}`,
  egress: true,
  protocol: "-1",
  fromPort: -1,
  toPort: -1,
  peer: { kind: "ipv4", value: "0.0.0.0/0" },
  description: undefined,
});

/** One rule for each peer of each permission. */
export function toRules(aws: EmbeddedAws, permissions: readonly IpPermission[], egress: boolean): SecurityGroupRule[] {
  return permissions.flatMap((permission) =>
    peersOf(permission).map(({ kind, value, description }) => ({
      id: `sgr-${aws.hexId(17)}`,
      egress,
      ...portsOf(permission),
      peer: { kind, value: value ?? "" },
      description,
    })),
  );
}

/** "All protocols" has no ports, even if the request gives some. */
function portsOf({ IpProtocol, FromPort, ToPort }: IpPermission) {
  if (IpProtocol === undefined || IpProtocol === "-1" || IpProtocol === "all") {
    return { protocol: "-1", fromPort: -1, toPort: -1 };
  }
  return { protocol: IpProtocol, fromPort: FromPort ?? -1, toPort: ToPort ?? -1 };
}

const peersOf = (permission: IpPermission) => [
  ...(permission.IpRanges ?? []).map((one) => ({
    kind: "ipv4" as const,
    value: one.CidrIp,
    description: one.Description,
  })),
  ...(permission.Ipv6Ranges ?? []).map((one) => ({
    kind: "ipv6" as const,
    value: one.CidrIpv6,
    description: one.Description,
  })),
  ...(permission.PrefixListIds ?? []).map((one) => ({
    kind: "prefixList" as const,
    value: one.PrefixListId,
    description: one.Description,
  })),
  ...(permission.UserIdGroupPairs ?? []).map((one) => ({
    kind: "group" as const,
    value: one.GroupId,
    description: one.Description,
  })),
];

/** Rules that differ only in their description are equal. */
export const sameRule = (a: SecurityGroupRule, b: SecurityGroupRule): boolean =>
  a.egress === b.egress &&
  a.protocol === b.protocol &&
  a.fromPort === b.fromPort &&
  a.toPort === b.toPort &&
  a.peer.kind === b.peer.kind &&
  a.peer.value === b.peer.value;

export const toRuleOutput = (group: SecurityGroup, account: string, rule: SecurityGroupRule): RuleOutput => ({
  SecurityGroupRuleId: rule.id,
  GroupId: group.id,
  GroupOwnerId: account,
  IsEgress: rule.egress,
  IpProtocol: rule.protocol,
  FromPort: rule.fromPort,
  ToPort: rule.toPort,
  ...(rule.peer.kind === "ipv4" && { CidrIpv4: rule.peer.value }),
  ...(rule.peer.kind === "ipv6" && { CidrIpv6: rule.peer.value }),
  ...(rule.peer.kind === "prefixList" && { PrefixListId: rule.peer.value }),
  ...(rule.peer.kind === "group" && { ReferencedGroupInfo: { GroupId: rule.peer.value, UserId: account } }),
  ...(rule.description && { Description: rule.description }),
});

/** The older form: groups rules by protocol and port range. */
export function toIpPermissions(group: SecurityGroup, account: string, egress: boolean): IpPermission[] {
  const rules = group.rules.filter((rule) => rule.egress === egress);
  const ranges = Map.groupBy(rules, (rule) => `${rule.protocol}/${rule.fromPort}/${rule.toPort}`);
  return [...ranges.values()].map((alike) => toIpPermission(alike, account));
}

function toIpPermission(rules: readonly SecurityGroupRule[], account: string): IpPermission {
  const [first] = rules;
  const of = (kind: SecurityGroupRule["peer"]["kind"]) => rules.filter((rule) => rule.peer.kind === kind);
  const described = (rule: SecurityGroupRule) => rule.description && { Description: rule.description };
  return {
    IpProtocol: first?.protocol,
    ...(first?.protocol !== "-1" && { FromPort: first?.fromPort, ToPort: first?.toPort }),
    IpRanges: of("ipv4").map((rule) => ({ CidrIp: rule.peer.value, ...described(rule) })),
    Ipv6Ranges: of("ipv6").map((rule) => ({ CidrIpv6: rule.peer.value, ...described(rule) })),
    PrefixListIds: of("prefixList").map((rule) => ({ PrefixListId: rule.peer.value, ...described(rule) })),
    UserIdGroupPairs: of("group").map((rule) => ({ GroupId: rule.peer.value, UserId: account, ...described(rule) })),
  };
}
