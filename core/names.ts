/** A place in AWS, as ARNs spell it. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

export const busName = (factory: string): string => `amint-${factory}`;
export const rolloutName = (factory: string): string => `amint-${factory}-rollout`;
export const promotionName = (factory: string): string => `amint-${factory}-promotion`;

/** The Image Builder name of an image's pipeline and recipe; builds carry it in their ARNs. */
export const pipelineName = (factory: string, image: string): string => `${factory}-${image}`;
export const distributionName = (factory: string, image: string, region: string): string =>
  `${factory}-${image}-${region}`;

/** The SSM parameter that publishes a channel in a region. Image Builder's role reads only below `/imagebuilder/`. */
export const channelParameter = (factory: string, image: string, channel: string): string =>
  `${channelParameterRoot(factory)}/${image}/${channel}`;
export const channelParameterRoot = (factory: string): string => `/imagebuilder/amint/${factory}`;

/**
 * The SSM parameter that recipes of a channel's children name, in the build region: it follows the channel and, unlike the
 * channel's own, is there from the first deployment on. Nothing but these recipes, and whatever moves the channel, reads it.
 */
export const parentParameter = (factory: string, image: string, channel: string): string =>
  `${parentParameterRoot(factory)}/${image}/${channel}`;
export const parentParameterRoot = (factory: string): string => `/imagebuilder/amint-parents/${factory}`;

/** The SSM parameter, in the build region, that names the newest AMI of an image's parent by owner and name. */
export const amiParentParameter = (factory: string, image: string): string => `${amiParentRoot(factory)}/${image}`;
const amiParentRoot = (factory: string): string => `${channelParameterRoot(factory)}/${AMI_PARENTS}`;
/** So no image of a factory with such parents can be called this: its channels' parameters would lie among them. */
export const AMI_PARENTS = "parents";

/** Where Image Builder pushes an image's builds, in every region, before anybody may have them: the factory's alone. */
export const buildsRepository = (factory: string, image: string): string => `${factory}/${image}/${BUILDS}`;
/** So no channel of a container image can be called this. */
export const BUILDS = "builds";
/**
 * What a channel's consumers pull from: only builds that entered the channel lie in it. ECR's policies allow a whole
 * repository, never a tag, so each channel has one of its own. The channel's name is the tag that moves.
 */
export const channelRepository = (factory: string, image: string, channel: string): string =>
  `${factory}/${image}/${channel}`;

/** What a channel's parameter is called across accounts: consumers read it by this. */
export const channelParameterArn = (place: Place, factory: string, image: string, channel: string): string =>
  `arn:${place.partition}:ssm:${place.region}:${place.account}:parameter${channelParameter(factory, image, channel)}`;

/** A consumer account's own copy of a channel's parameter. */
export const mirrorParameter = (factory: string, image: string, channel: string): string =>
  `${mirrorParameterRoot(factory)}/${image}/${channel}`;
export const mirrorParameterRoot = (factory: string): string => `/amint/${factory}`;

/** A wave's own copy, which follows a roll-out where the channel's follows the channel: a ring. */
export const ringParameter = (factory: string, image: string, channel: string, wave: string): string =>
  `${mirrorParameter(factory, image, channel)}/${wave}`;

/** The role that the factory's StackSet puts into consumer accounts, and the external id that assuming it asks for. */
export const consumerRoleName = (factory: string): string => `amint-${factory}-consumer`;
export const consumerRoleArn = (partition: string, account: string, factory: string): string =>
  `arn:${partition}:iam::${account}:role/${consumerRoleName(factory)}`;
/** Its sibling, by which roll-outs act. */
export const rolloutRoleName = (factory: string): string => `amint-${factory}-rollout`;
export const rolloutRoleArn = (partition: string, account: string, factory: string): string =>
  `arn:${partition}:iam::${account}:role/${rolloutRoleName(factory)}`;
/**
 * The role by which a consumer's region forwards events of instance refreshes; `*` stands for any. With the longest name
 * of a factory and of a region it has the 64 characters that IAM takes.
 */
export const refreshForwarderName = (factory: string, region: string): string => `amint-${factory}-in-${region}`;
export const consumerExternalId = (factory: string): string => `amint-${factory}`;

/** The resource share by which a channel's consumers read its parameter in a region. */
export const parameterShareName = (factory: string, image: string, channel: string): string =>
  `amint-${factory}-${image}-${channel}`;

/**
 * The watermark of every copy of an AMI in a channel; with the factory's account before it, the watermark's key. It names
 * the image, because EC2 gives an AMI's watermarks to whatever is made from it.
 * @param pipeline the image's pipeline name
 */
export const channelMark = (pipeline: string, channel: string): string => `${MARK}${pipeline}/${channel}`;
export const channelMarkKey = (account: string, pipeline: string, channel: string): string =>
  `${account}:${channelMark(pipeline, channel)}`;
/** Whether a watermark's key is that of a channel of another of the account's images. */
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
/** What the ARN of each of an image's builds starts with. */
export const buildArnPrefix = (place: Place, factory: string, image: string): string =>
  `${imageBuilder(place)}:image/${pipelineName(factory, image)}/`;

const imageBuilder = ({ partition, region, account }: Place): string =>
  `arn:${partition}:imagebuilder:${region}:${account}`;

/** ARNs as launch permissions want them: in full, owned by the management account. */
export const organizationArn = (partition: string, managementAccount: string, organization: string): string =>
  `arn:${partition}:organizations::${managementAccount}:organization/${organization}`;
export const organizationalUnitArn = (
  partition: string,
  managementAccount: string,
  organization: string,
  unit: string,
): string => `arn:${partition}:organizations::${managementAccount}:ou/${organization}/${unit}`;
