/** Resources that exist from the start: organizations, public images, AMIs. */
export { readOrganization } from "./src/command/read-organization.ts";
export { addImage } from "./src/services/ec2/add-image.ts";
export { seedNetwork } from "./src/services/ec2/network/seed-network.ts";
export { removeDefaultVpcs } from "./src/services/ec2/network/state.ts";
export { regionNames } from "./src/services/ec2/regions.ts";
export { type NewBlockDevice, type NewImage, registerImage } from "./src/services/ec2/register-image.ts";
export {
  announceRelease,
  publishPublicImage,
  releasePublicImage,
  releaseSuccessor,
  seedPublicImages,
} from "./src/services/ec2/release-public-image.ts";
export { seedKey } from "./src/services/kms/make-key.ts";
export { type OrganizationSeed, seedOrganization } from "./src/services/organizations/seed-organization.ts";
export { seedPublicTopics } from "./src/services/sns/seed-public-topics.ts";
