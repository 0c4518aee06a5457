import type * as Sdk from "@aws-sdk/client-ec2";
import type { NetworkInterface, Volume as VolumeOutput } from "@aws-sdk/client-ec2";
import { AwsError, type Call, type Operations } from "../../../engine/operation.ts";
import { type FilterFields, toPredicate } from "../filters.ts";
import { tagReader, toTags } from "../resource-tags.ts";
import { type Instance, instancesOf, type Volume } from "./instance.ts";
import { privateName } from "./to-instance.ts";
import { keyArnOfVolume } from "./volume-keys.ts";

/** Volumes and network interfaces belong to an instance, and end with it. */
interface Attached {
  readonly instance: Instance;
  readonly volume: Volume;
}

const present = (call: Call): Instance[] =>
  [...instancesOf(call.aws, call).values()].filter(({ state }) => state !== "terminated");

const volumesOf = (call: Call): Attached[] =>
  present(call).flatMap((instance) => instance.volumes.map((volume) => ({ instance, volume })));

/** @throws InvalidVolume.NotFound */
export function requireVolume(call: Call, id: string): Attached {
  const found = volumesOf(call).find(({ volume }) => volume.id === id);
  if (found) return found;
  throw notFound("InvalidVolume.NotFound", `The volume '${id}' does not exist.`);
}

/** The instance of a network interface. @throws InvalidNetworkInterfaceID.NotFound */
export function requireInterface(call: Call, id: string): Instance {
  const found = present(call).find(({ networkInterfaceId }) => networkInterfaceId === id);
  if (found) return found;
  throw notFound("InvalidNetworkInterfaceID.NotFound", `The networkInterface ID '${id}' does not exist`);
}

const statusOf = ({ state }: Instance): "attaching" | "attached" => (state === "pending" ? "attaching" : "attached");

const volumeFilters: FilterFields<Attached> = {
  "attachment.delete-on-termination": ({ volume }) => String(volume.deleteOnTermination),
  "attachment.device": ({ volume }) => volume.deviceName,
  "attachment.instance-id": ({ instance }) => instance.id,
  "attachment.status": ({ instance }) => statusOf(instance),
  "availability-zone": ({ instance }) => instance.launch.subnet.zone.name,
  encrypted: ({ volume }) => String(volume.encrypted),
  size: ({ volume }) => String(volume.sizeGiB),
  "snapshot-id": ({ volume }) => volume.snapshotId,
  status: () => "in-use",
  "volume-id": ({ volume }) => volume.id,
  "volume-type": ({ volume }) => volume.type,
};

const interfaceFilters: FilterFields<Instance> = {
  "attachment.instance-id": ({ id }) => id,
  "attachment.instance-owner-id": ({ owner }) => owner,
  "attachment.status": statusOf,
  "availability-zone": ({ launch }) => launch.subnet.zone.name,
  description: () => "",
  "group-id": ({ launch }) => launch.securityGroups.map(({ id }) => id),
  "group-name": ({ launch }) => launch.securityGroups.map(({ name }) => name),
  "interface-type": () => "interface",
  "network-interface-id": ({ networkInterfaceId }) => networkInterfaceId,
  "owner-id": ({ owner }) => owner,
  "private-dns-name": (instance) => privateName(instance),
  "private-ip-address": ({ privateIp }) => privateIp,
  "requester-id": ({ owner }) => owner,
  "requester-managed": () => "false",
  "source-dest-check": () => "true",
  status: () => "in-use",
  "subnet-id": ({ launch }) => launch.subnet.id,
  "vpc-id": ({ launch }) => launch.vpcId,
};

export const operations = {
  DescribeVolumes: {
    list: "Volumes",
    run({ VolumeIds = [], Filters }, call) {
      const asked = VolumeIds.length > 0 ? VolumeIds.map((id) => requireVolume(call, id)) : volumesOf(call);
      const tags = tagReader(call.aws, call);
      const passes = toPredicate(Filters, volumeFilters, ({ volume }: Attached) => tags(volume.id));
      return {
        Volumes: asked.filter(passes).map((one) => ({ ...toVolume(call, one), Tags: toTags(tags(one.volume.id)) })),
      };
    },
  },
  /** Only those of instances: interfaces of gateways and endpoints are not stored. */
  DescribeNetworkInterfaces: {
    list: "NetworkInterfaces",
    run({ NetworkInterfaceIds = [], Filters }, call) {
      const asked =
        NetworkInterfaceIds.length > 0 ? NetworkInterfaceIds.map((id) => requireInterface(call, id)) : present(call);
      const tags = tagReader(call.aws, call);
      const passes = toPredicate(Filters, interfaceFilters, (one: Instance) => tags(one.networkInterfaceId));
      const described = (one: Instance) => ({
        ...toNetworkInterface(one),
        TagSet: toTags(tags(one.networkInterfaceId)),
      });
      return { NetworkInterfaces: asked.filter(passes).map(described) };
    },
  },
} satisfies Operations<typeof Sdk>;

const notFound = (code: string, message: string): AwsError => new AwsError(code, message);

const toVolume = (call: Call, { instance, volume }: Attached): VolumeOutput => ({
  VolumeId: volume.id,
  AvailabilityZone: instance.launch.subnet.zone.name,
  AvailabilityZoneId: instance.launch.subnet.zone.id,
  Attachments: [
    {
      AttachTime: new Date(instance.launchedAt),
      DeleteOnTermination: volume.deleteOnTermination,
      Device: volume.deviceName,
      InstanceId: instance.id,
      State: statusOf(instance),
      VolumeId: volume.id,
    },
  ],
  CreateTime: new Date(instance.launchedAt),
  Encrypted: volume.encrypted,
  KmsKeyId: keyArnOfVolume(call, volume),
  MultiAttachEnabled: false,
  Size: volume.sizeGiB,
  SnapshotId: volume.snapshotId ?? "",
  State: "in-use",
  VolumeType: volume.type,
});

const toNetworkInterface = (instance: Instance): NetworkInterface => {
  const { launch, privateIp: PrivateIpAddress } = instance;
  const PrivateDnsName = privateName(instance);
  return {
    Attachment: {
      AttachTime: new Date(instance.launchedAt),
      DeleteOnTermination: true,
      DeviceIndex: 0,
      InstanceId: instance.id,
      InstanceOwnerId: instance.owner,
      NetworkCardIndex: 0,
      Status: statusOf(instance),
    },
    AvailabilityZone: launch.subnet.zone.name,
    AvailabilityZoneId: launch.subnet.zone.id,
    Description: "",
    Groups: launch.securityGroups.map(({ id, name }) => ({ GroupId: id, GroupName: name })),
    InterfaceType: "interface",
    Ipv6Addresses: [],
    NetworkInterfaceId: instance.networkInterfaceId,
    OwnerId: instance.owner,
    PrivateDnsName,
    PrivateIpAddress,
    PrivateIpAddresses: [{ Primary: true, PrivateDnsName, PrivateIpAddress }],
    RequesterId: instance.owner,
    RequesterManaged: false,
    SourceDestCheck: true,
    Status: "in-use",
    SubnetId: launch.subnet.id,
    VpcId: launch.vpcId,
  };
};
