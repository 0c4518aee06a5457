import { busName } from "../core/names.ts";
import factory from "../factory.config.ts";
import { tags } from "./deployment.ts";

/** Where the factory says what happened. Only this account's functions put events on it: it has no policy. */
export const bus = new aws.cloudwatch.EventBus("Bus", { name: busName(factory.name), tags });
