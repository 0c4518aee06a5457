import { takeAwayEachGrant } from "./every-grant.ts";

takeAwayEachGrant(1, 3);
