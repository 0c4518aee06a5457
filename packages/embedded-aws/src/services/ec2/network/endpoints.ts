import type * as Sdk from "@aws-sdk/client-ec2";
import { AwsError, type Call, type Operations } from "../../../engine/operation.ts";
import { authorizeCreationTags, authorizeResource, ec2Arn } from "../authorization.ts";
import { toPredicate } from "../filters.ts";
import { invalidParameter } from "../refusals.ts";
import { addTags, specifiedTags, tagsOf, toTags } from "../resource-tags.ts";
import { requireSecurityGroup } from "../security-groups.ts";
import { derivedId, type Network, networkOf, type VpcEndpoint } from "./state.ts";
import { requireOwn } from "./visible.ts";

/** Services with gateway endpoints; all others have interface endpoints only (AWS PrivateLink guide). */
const WITH_GATEWAY = /\.(s3|dynamodb)$/;

export const operations = {
  CreateVpcEndpoint: {
    authorize: (input, call) => [
      { resources: [ec2Arn(call, "vpc-endpoint", "*")], context: { "ec2:VpceServiceName": input.ServiceName ?? "" } },
      authorizeResource(call, "vpc", input.VpcId),
      ...(input.SubnetIds ?? []).map((id) => authorizeResource(call, "subnet", id)),
      ...(input.SecurityGroupIds ?? []).map((id) => authorizeResource(call, "security-group", id)),
      ...(input.RouteTableIds ?? []).map((id) => authorizeResource(call, "route-table", id)),
      ...authorizeCreationTags(call, "CreateVpcEndpoint", input.TagSpecifications),
    ],
    run(input, call) {
      const { aws } = call;
      const network = networkOf(aws, call);
      const vpc = requireOwn(network.vpcs, input.VpcId, "InvalidVpcId.NotFound", "Vpc");
      const { ServiceName: serviceName = "", VpcEndpointType: type = "Gateway" } = input;
      if (type !== "Gateway" && type !== "Interface") {
        throw new AwsError("NotImplemented", `ec2:CreateVpcEndpoint is not built for VpcEndpointType ${type}`);
      }
      if (!serviceName.startsWith(`com.amazonaws.${call.region}.`) || (type === "Gateway" && !gateway(serviceName))) {
        const message = `The Vpc Endpoint Service '${serviceName}' does not exist`;
        throw new AwsError("InvalidServiceName", message);
      }
      const subnetIds = input.SubnetIds ?? [];
      for (const id of subnetIds) {
        const subnet = requireOwn(network.subnets, id, "InvalidSubnetID.NotFound", "subnet");
        if (subnet.vpcId !== vpc.id) throw invalidParameter(`Subnet ${id} is not in vpc ${vpc.id}`);
      }
      const tables = (input.RouteTableIds ?? []).map((id) =>
        requireOwn(network.routeTables, id, "InvalidRouteTableId.NotFound", "routeTable"),
      );
      const endpoint: VpcEndpoint = {
        id: `vpce-${aws.hexId(17)}`,
        vpcId: vpc.id,
        serviceName,
        type,
        subnetIds,
        groupIds:
          type === "Gateway"
            ? []
            : (input.SecurityGroupIds ?? [vpc.defaultGroupId]).map((id) => requireSecurityGroup(call, id).id),
        privateDns: type === "Interface" && (input.PrivateDnsEnabled ?? true),
        routeTableIds: tables.map(({ id }) => id),
        policy: input.PolicyDocument,
        createdAt: aws.clock.now(),
      };
      addEndpoint(network, endpoint, call.region);
      addTags(aws, call, endpoint.id, specifiedTags(input.TagSpecifications, "vpc-endpoint"));
      return { VpcEndpoint: toEndpoint(call, endpoint) };
    },
  },
  DescribeVpcEndpoints: {
    list: "VpcEndpoints",
    run(input, call) {
      const { endpoints } = networkOf(call.aws, call);
      const named = input.VpcEndpointIds?.length
        ? input.VpcEndpointIds.map((id) => requireOwn(endpoints, id, "InvalidVpcEndpointId.NotFound", "Vpc Endpoint"))
        : [...endpoints.values()];
      const passes = toPredicate<VpcEndpoint>(
        input.Filters,
        {
          "service-name": ({ serviceName }) => serviceName,
          "vpc-endpoint-id": ({ id }) => id,
          "vpc-endpoint-state": () => "available",
          "vpc-endpoint-type": ({ type }) => type,
          "vpc-id": ({ vpcId }) => vpcId,
        },
        ({ id }) => tagsOf(call.aws, call, id),
      );
      return { VpcEndpoints: named.filter(passes).map((endpoint) => toEndpoint(call, endpoint)) };
    },
  },
} satisfies Operations<typeof Sdk>;

const gateway = (serviceName: string): boolean => WITH_GATEWAY.test(serviceName);

/** A gateway endpoint adds a route to the service's prefix list in each of its tables. */
export function addEndpoint(network: Network, endpoint: VpcEndpoint, region: string): void {
  network.endpoints.set(endpoint.id, endpoint);
  const destination = derivedId("pl", { account: "aws", region }, endpoint.serviceName);
  for (const id of endpoint.routeTableIds)
    network.routeTables.get(id)?.routes.push({ destination, target: endpoint.id });
}

const toEndpoint = (call: Call, endpoint: VpcEndpoint) => ({
  VpcEndpointId: endpoint.id,
  VpcEndpointType: endpoint.type,
  VpcId: endpoint.vpcId,
  ServiceName: endpoint.serviceName,
  // EC2 answers in lower case, unlike its model.
  State: "available" as "Available",
  OwnerId: call.account,
  PrivateDnsEnabled: endpoint.privateDns,
  RequesterManaged: false,
  SubnetIds: [...endpoint.subnetIds],
  RouteTableIds: [...endpoint.routeTableIds],
  Groups: endpoint.groupIds.map((GroupId) => ({ GroupId, GroupName: requireSecurityGroup(call, GroupId).name })),
  ...(endpoint.policy !== undefined && { PolicyDocument: endpoint.policy }),
  CreationTimestamp: new Date(endpoint.createdAt),
  Tags: toTags(tagsOf(call.aws, call, endpoint.id)),
});
