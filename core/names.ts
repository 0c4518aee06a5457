/** The partition, region and account of an ARN. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

export const busName = (factory: string): string => `amint-${factory}`;
export const rolloutName = (factory: string): string => `amint-${factory}-rollout`;
export const promotionName = (factory: string): string => `amint-${factory}-promotion`;

/** The Image Builder name of an image's pipeline and recipe, which is part of its builds' ARNs. */
export const pipelineName = (factory: string, image: string): string => `${factory}-${image}`;
export const distributionName = (factory: string, image: string, region: string): string =>
  `${factory}-${image}-${region}`;

/** The SSM parameter that publishes a channel in a region. Image Builder's role can read only below `/imagebuilder/`. */
export const channelParameter = (factory: string, image: string, channel: string): string =>
  `${channelParameterRoot(factory)}/${image}/${channel}`;
export const channelParameterRoot = (factory: string): string => `/imagebuilder/amint/${factory}`;

/**
 * The SSM parameter, in the build region, that recipes of a channel's children use. It follows the channel, but exists from
 * the first deployment on. Only these recipes, and the functions that move the channel, read it.
 */
export const parentParameter = (factory: string, image: string, channel: string): string =>
  `${parentParameterRoot(factory)}/${image}/${channel}`;
export const parentParameterRoot = (factory: string): string => `/imagebuilder/amint-parents/${factory}`;

/** The SSM parameter, in the build region, that names the newest AMI of an image's parent by owner and name. */
export const amiParentParameter = (factory: string, image: string): string => `${amiParentRoot(factory)}/${image}`;
const amiParentRoot = (factory: string): string => `${channelParameterRoot(factory)}/${AMI_PARENTS}`;
/** Reserved: an image with this name would have its channels' parameters among them. */
export const AMI_PARENTS = "parents";

/** The repository to which Image Builder pushes an image's builds in every region. It is not shared. */
export const buildsRepository = (factory: string, image: string): string => `${factory}/${image}/${BUILDS}`;
/** Reserved: a channel of a container image cannot have this name. */
export const BUILDS = "builds";
/**
 * The repository from which a channel's consumers pull. It has only builds that were promoted to the channel. ECR's policies
 * apply to whole repositories, not to tags, so each channel has a repository. The tag with the channel's name moves.
 */
export const channelRepository = (factory: string, image: string, channel: string): string =>
  `${factory}/${image}/${channel}`;

/** The ARN of a channel's parameter, by which consumers read it. */
export const channelParameterArn = (place: Place, factory: string, image: string, channel: string): string =>
  `arn:${place.partition}:ssm:${place.region}:${place.account}:parameter${channelParameter(factory, image, channel)}`;

/** A consumer account's own copy of a channel's parameter. */
export const mirrorParameter = (factory: string, image: string, channel: string): string =>
  `${mirrorParameterRoot(factory)}/${image}/${channel}`;
export const mirrorParameterRoot = (factory: string): string => `/amint/${factory}`;

/** A wave's copy, called a ring: it follows a roll-out, while the channel's copy follows the channel. */
export const ringParameter = (factory: string, image: string, channel: string, wave: string): string =>
  `${mirrorParameter(factory, image, channel)}/${wave}`;

/** The role that the factory's StackSet creates in consumer accounts; assuming it requires the external id. */
export const consumerRoleName = (factory: string): string => `amint-${factory}-consumer`;
export const consumerRoleArn = (partition: string, account: string, factory: string): string =>
  `arn:${partition}:iam::${account}:role/${consumerRoleName(factory)}`;
/** The role for roll-outs in consumer accounts. */
export const rolloutRoleName = (factory: string): string => `amint-${factory}-rollout`;
export const rolloutRoleArn = (partition: string, account: string, factory: string): string =>
  `arn:${partition}:iam::${account}:role/${rolloutRoleName(factory)}`;
/**
 * The role with which a consumer's region forwards events of instance refreshes; `*` matches any region. With the longest
 * names of a factory and a region it has 64 characters, IAM's limit.
 */
export const refreshForwarderName = (factory: string, region: string): string => `amint-${factory}-in-${region}`;
export const consumerExternalId = (factory: string): string => `amint-${factory}`;

/** The resource share that lets a channel's consumers read its parameter in a region. */
export const parameterShareName = (factory: string, image: string, channel: string): string =>
  `amint-${factory}-${image}-${channel}`;

/**
 * The watermark of every AMI in a channel. The watermark's key is prefixed with the factory's account. It contains the
 * image, because EC2 copies an AMI's watermarks to AMIs that are created from it.
 * @param pipeline the image's pipeline name
 */
export const channelMark = (pipeline: string, channel: string): string => `${MARK}${pipeline}/${channel}`;
export const channelMarkKey = (account: string, pipeline: string, channel: string): string =>
  `${account}:${channelMark(pipeline, channel)}`;
/** Whether a watermark's key belongs to a channel of another image of the account. */
export const isMarkOfOther = (key: string, account: string, pipeline: string): boolean =>
  key.startsWith(`${account}:${MARK}`) && !key.startsWith(channelMarkKey(account, pipeline, ""));
const MARK = "amint/";

export const pipelineArn = (place: Place, factory: string, image: string): string =>
  imagePipelineArn(place, pipelineName(factory, image));
/** @param pipeline its name */
export const imagePipelineArn = (place: Place, pipeline: string): string =>
  `${imageBuilder(place)}:image-pipeline/${pipeline}`;
export const distributionArn = (place: Place, factory: string, image: string, region: string): string =>
  `${imageBuilder(place)}:distribution-configuration/${distributionName(factory, image, region)}`;
/** The prefix of the ARNs of an image's builds. */
export const buildArnPrefix = (place: Place, factory: string, image: string): string =>
  `${imageBuilder(place)}:image/${pipelineName(factory, image)}/`;

const imageBuilder = ({ partition, region, account }: Place): string =>
  `arn:${partition}:imagebuilder:${region}:${account}`;

/** ARNs for launch permissions, in the management account. */
export const organizationArn = (partition: string, managementAccount: string, organization: string): string =>
  `arn:${partition}:organizations::${managementAccount}:organization/${organization}`;
export const organizationalUnitArn = (
  partition: string,
  managementAccount: string,
  organization: string,
  unit: string,
): string => `arn:${partition}:organizations::${managementAccount}:ou/${organization}/${unit}`;
