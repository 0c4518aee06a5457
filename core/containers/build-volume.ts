/** Volume in GiB of the instance that builds a container image: the minimum for ECS-optimized AMIs (ECS developer guide). */
export const BUILD_VOLUME_GIB = 30;
