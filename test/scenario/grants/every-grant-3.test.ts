import { takeAwayEachGrant } from "./every-grant.ts";

takeAwayEachGrant(3, 3);
