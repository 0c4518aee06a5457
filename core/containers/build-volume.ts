/** In GiB, of the instance that builds a container image: what AMIs optimized for ECS want at least (ECS developer guide). */
export const BUILD_VOLUME_GIB = 30;
