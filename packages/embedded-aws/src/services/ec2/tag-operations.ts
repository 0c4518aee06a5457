import type * as Sdk from "@aws-sdk/client-ec2";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { authorizeImage, authorizeResource } from "./authorization.ts";
import { type FilterFields, toPredicate } from "./filters.ts";
import { requireUsableSnapshot, requireVisibleImage } from "./find-image.ts";
import { requireInterface, requireVolume } from "./instances/attachments.ts";
import { requireInstances } from "./instances/instance.ts";
import { requireTemplate } from "./launch-templates/launch-template.ts";
import { networkOf } from "./network/state.ts";
import { visibleSubnets, visibleVpcs } from "./network/visible.ts";
import { binOf } from "./recycle-bin.ts";
import { missingParameter, requirePageSize } from "./refusals.ts";
import { addTags, fromTags } from "./resource-tags.ts";
import { requireRule, requireSecurityGroup } from "./security-groups.ts";
import { ec2State } from "./state.ts";
import { requireReport } from "./usage-reports/usage-report.ts";

/** AWS's own tags are not deleted. */
const SYSTEM = "aws:";

const types: Readonly<Record<string, string>> = {
  ami: "image",
  eipalloc: "elastic-ip",
  eni: "network-interface",
  i: "instance",
  igw: "internet-gateway",
  imgusgrpt: "image-usage-report",
  lt: "launch-template",
  nat: "natgateway",
  rtb: "route-table",
  sg: "security-group",
  sgr: "security-group-rule",
  snap: "snapshot",
  subnet: "subnet",
  vol: "volume",
  vpc: "vpc",
  vpce: "vpc-endpoint",
};

const typeOf = (id: string): string | undefined => types[id.slice(0, id.indexOf("-"))];

const authorizeTagging = (
  call: Call,
  ids: readonly string[] | undefined,
  context: ReturnType<typeof requestTagContext>,
) =>
  (ids ?? []).map((id) => {
    const type = typeOf(id) ?? "*";
    return type === "image" ? authorizeImage(call, id, context) : authorizeResource(call, type, id, context);
  });

/** An account can tag every resource that it can see (EC2 user guide, "Tag your Amazon EC2 resources"). */
function requireTaggable(call: Call, id: string): void {
  const type = typeOf(id);
  const bin = binOf(call.aws, call);
  // Resources in the bin can be listed, restored and tagged (EBS user guide, "Considerations" for Recycle Bin).
  if (bin.images.has(id) || bin.snapshots.has(id)) return;
  if (type === "image") return void requireVisibleImage(call, id);
  if (type === "image-usage-report") return void requireReport(call, id);
  if (type === "snapshot") return void requireUsableSnapshot(call, id);
  if (type === "security-group") return void requireSecurityGroup(call, id);
  if (type === "security-group-rule") return void requireRule(call, id);
  if (type === "volume") return void requireVolume(call, id);
  if (type === "network-interface") return void requireInterface(call, id);
  if (type === "instance") return void requireInstances(call, [id]);
  if (type === "launch-template") return void requireTemplate(call, { LaunchTemplateId: id });
  if ([...visibleVpcs(call.aws, call), ...visibleSubnets(call.aws, call)].some((one) => one.id === id)) return;
  const { routeTables, internetGateways, natGateways, endpoints, addresses } = networkOf(call.aws, call);
  if ([routeTables, internetGateways, natGateways, endpoints, addresses].some((some) => some.has(id))) return;
  throw new AwsError("InvalidID", `The ID '${id}' is not valid`);
}

const tagFilters: FilterFields<Sdk.TagDescription> = {
  key: (tag) => tag.Key,
  "resource-id": (tag) => tag.ResourceId,
  "resource-type": (tag) => tag.ResourceType,
  value: (tag) => tag.Value,
};

export const operations = {
  CreateTags: {
    authorize: (input, call) => authorizeTagging(call, input.Resources, requestTagContext(fromTags(input.Tags))),
    run(input, call) {
      if (!input.Resources?.length) throw missingParameter("resourceIdSet");
      if (!input.Tags?.length) throw missingParameter("tagSet");
      for (const id of input.Resources) requireTaggable(call, id);
      for (const id of input.Resources) addTags(call.aws, call, id, fromTags(input.Tags));
    },
  },
  /** A tag without a value is deleted whatever its value; without tags, all are deleted. */
  DeleteTags: {
    authorize: (input, call) =>
      authorizeTagging(call, input.Resources, { "aws:TagKeys": (input.Tags ?? []).map((tag) => tag.Key ?? "") }),
    run(input, call) {
      const { tags } = call.aws.state(ec2State, call.account, call.region);
      for (const id of input.Resources ?? []) {
        requireTaggable(call, id);
        const own = tags.get(id);
        const all = [...(own?.keys() ?? [])].filter((key) => !key.startsWith(SYSTEM)).map((Key): Sdk.Tag => ({ Key }));
        for (const { Key = "", Value } of input.Tags?.length ? input.Tags : all) {
          if (Value === undefined || own?.get(Key) === Value) own?.delete(Key);
        }
      }
    },
  },
  DescribeTags: {
    list: "Tags",
    run(input, call) {
      const { aws, account, region } = call;
      // Resources that left the bin permanently have no tags.
      binOf(aws, call);
      const all = [...aws.state(ec2State, account, region).tags].flatMap(([id, tags]) =>
        [...tags].map(
          ([Key, Value]): Sdk.TagDescription => ({
            Key,
            Value,
            ResourceId: id,
            ResourceType: typeOf(id) as NonNullable<Sdk.TagDescription["ResourceType"]>,
          }),
        ),
      );
      const passes = toPredicate(input.Filters, tagFilters, (tag) => new Map([[tag.Key ?? "", tag.Value ?? ""]]));
      requirePageSize(input.MaxResults, 5, 1000);
      return { Tags: all.filter(passes) };
    },
  },
} satisfies Operations<typeof Sdk>;
