error({ reason = "raised" })
