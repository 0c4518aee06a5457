import type { Instance as InstanceOutput, Reservation } from "@aws-sdk/client-ec2";
import type { Call } from "../../../engine/operation.ts";
import { tagsOf, toTags } from "../resource-tags.ts";
import { type Instance, STATE_CODES } from "./instance.ts";

export const toState = ({ state }: Pick<Instance, "state">) => ({ Code: STATE_CODES[state], Name: state });

export const privateName = ({ privateIp, region }: Instance): string =>
  `ip-${privateIp.replaceAll(".", "-")}.${region === "us-east-1" ? "ec2" : `${region}.compute`}.internal`;

export const toReservation = (call: Call, id: string, instances: readonly Instance[]): Reservation => ({
  ReservationId: id,
  OwnerId: call.account,
  Groups: [],
  Instances: instances.map((instance) => toInstance(call, instance)),
});

/** A terminated instance no longer has a network or volumes. */
function toInstance(call: Call, instance: Instance): InstanceOutput {
  const { launch } = instance;
  const there = instance.state !== "terminated";
  const windows = launch.platform === "windows";
  const tags = tagsOf(call.aws, call, instance.id);
  return {
    AmiLaunchIndex: instance.index,
    Architecture: launch.architecture,
    BlockDeviceMappings: there && instance.state !== "pending" ? toMappings(instance) : [],
    ClientToken: launch.clientToken,
    EbsOptimized: launch.ebsOptimized,
    EnaSupport: true,
    Hypervisor: "xen",
    ...(launch.profile && { IamInstanceProfile: { Arn: launch.profile.arn, Id: launch.profile.id } }),
    ImageId: launch.imageId,
    InstanceId: instance.id,
    InstanceType: launch.instanceType as NonNullable<InstanceOutput["InstanceType"]>,
    LaunchTime: new Date(instance.launchedAt),
    MetadataOptions: { State: instance.state === "pending" ? "pending" : "applied", ...launch.metadata },
    Monitoring: { State: launch.monitoring ? "enabled" : "disabled" },
    NetworkInterfaces: there ? [toInterface(instance)] : [],
    Placement: {
      AvailabilityZone: launch.subnet.zone.name,
      AvailabilityZoneId: launch.subnet.zone.id,
      GroupName: "",
      Tenancy: "default",
    },
    Platform: windows ? "Windows" : undefined,
    PlatformDetails: windows ? "Windows" : "Linux/UNIX",
    PrivateDnsName: there ? privateName(instance) : "",
    PrivateIpAddress: there ? instance.privateIp : undefined,
    ProductCodes: [],
    PublicDnsName: "",
    RootDeviceName: launch.rootDeviceName,
    RootDeviceType: "ebs",
    SecurityGroups: there ? toGroups(instance) : [],
    SourceDestCheck: there ? true : undefined,
    State: toState(instance),
    StateReason: instance.stateReason,
    StateTransitionReason: instance.transitionReason,
    SubnetId: there ? launch.subnet.id : undefined,
    Tags: tags.size > 0 ? toTags(tags) : undefined,
    UsageOperation: windows ? "RunInstances:0002" : "RunInstances",
    VirtualizationType: "hvm",
    VpcId: there ? launch.vpcId : undefined,
  };
}

const toGroups = ({ launch }: Instance) =>
  launch.securityGroups.map(({ id, name }) => ({ GroupId: id, GroupName: name }));

const toMappings = ({ volumes, launchedAt }: Instance): InstanceOutput["BlockDeviceMappings"] =>
  volumes.map(({ id, deviceName, deleteOnTermination }) => ({
    DeviceName: deviceName,
    Ebs: {
      AttachTime: new Date(launchedAt),
      DeleteOnTermination: deleteOnTermination,
      Status: "attached",
      VolumeId: id,
    },
  }));

const toInterface = (instance: Instance): NonNullable<InstanceOutput["NetworkInterfaces"]>[number] => ({
  Attachment: { DeleteOnTermination: true, DeviceIndex: 0, Status: "attached", NetworkCardIndex: 0 },
  Groups: toGroups(instance),
  InterfaceType: "interface",
  NetworkInterfaceId: instance.networkInterfaceId,
  OwnerId: instance.owner,
  PrivateDnsName: privateName(instance),
  PrivateIpAddress: instance.privateIp,
  SourceDestCheck: true,
  Status: "in-use",
  SubnetId: instance.launch.subnet.id,
  VpcId: instance.launch.vpcId,
});
