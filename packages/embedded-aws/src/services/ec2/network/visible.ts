import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { AwsError } from "../../../engine/operation.ts";
import { resourcesShared } from "../../ram/reach.ts";
import { networkOf, type Place, type Subnet, type Vpc } from "./state.ts";

const SUBNET = /^arn:[^:]+:ec2:[^:]+:(\d{12}):subnet\/(.+)$/;

/** The account's own subnets, then those shared with it through RAM. */
export function visibleSubnets(aws: EmbeddedAws, place: Place): Subnet[] {
  const shared = resourcesShared(aws, place.account, place.region).flatMap((arn) => {
    const [, owner = "", id = ""] = SUBNET.exec(arn) ?? [];
    return networkOf(aws, { account: owner, region: place.region }).subnets.get(id) ?? [];
  });
  return [...networkOf(aws, place).subnets.values(), ...shared];
}

/** A shared subnet's VPC is visible, too (VPC user guide, "Share your VPC subnets with other accounts"). */
export function visibleVpcs(aws: EmbeddedAws, place: Place): Vpc[] {
  const shared = visibleSubnets(aws, place).filter(({ owner }) => owner !== place.account);
  const of = ({ owner, vpcId }: Subnet) => networkOf(aws, { account: owner, region: place.region }).vpcs.get(vpcId);
  return [...new Set([...networkOf(aws, place).vpcs.values(), ...shared.flatMap((subnet) => of(subnet) ?? [])])];
}

/** @throws InvalidSubnetID.NotFound also for a subnet of another region or account, as in EC2 */
export function requireSubnet(aws: EmbeddedAws, place: Place, id: string): Subnet {
  const subnet = visibleSubnets(aws, place).find((one) => one.id === id);
  if (subnet) return subnet;
  throw new AwsError("InvalidSubnetID.NotFound", `The subnet ID '${id}' does not exist`);
}

/** @throws InvalidVpcID.NotFound also for a VPC of another region or account */
export function requireVpc(aws: EmbeddedAws, place: Place, id: string): Vpc {
  const vpc = visibleVpcs(aws, place).find((one) => one.id === id);
  if (vpc) return vpc;
  throw new AwsError("InvalidVpcID.NotFound", `The vpc ID '${id}' does not exist`);
}

export const defaultVpcOf = (aws: EmbeddedAws, place: Place): Vpc | undefined =>
  [...networkOf(aws, place).vpcs.values()].find(({ isDefault }) => isDefault);

/** @throws VPCIdNotSpecified */
export function requireDefaultVpc(aws: EmbeddedAws, place: Place, more = ""): Vpc {
  const vpc = defaultVpcOf(aws, place);
  if (vpc) return vpc;
  throw new AwsError("VPCIdNotSpecified", `No default VPC for this user${more}`);
}

/** A resource that the account owns. @throws `code` */
export function requireOwn<T>(own: ReadonlyMap<string, T>, id: string | undefined, code: string, what: string): T {
  const found = own.get(id ?? "");
  if (found) return found;
  throw new AwsError(code, `The ${what} ID '${id}' does not exist`);
}
