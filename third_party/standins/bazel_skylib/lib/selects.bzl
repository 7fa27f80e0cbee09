"""`selects.config_setting_group`, of which Abseil uses the `match_any` form."""

def _config_setting_group(name, match_any, visibility = None):
    """Defines `name` as a condition that holds if any of the conditions `match_any` holds.

    Args:
      name: the new condition.
      match_any: labels of conditions, at least one.
      visibility: of the new condition.
    """
    last = len(match_any) - 1
    for i, condition in enumerate(match_any):
        rest = match_any[i] if i == last else "{}_or_{}".format(name, i + 1)
        native.alias(
            name = name if i == 0 else "{}_or_{}".format(name, i),
            actual = select({
                condition: condition,
                "//conditions:default": rest,
            }),
            visibility = visibility if i == 0 else ["//visibility:private"],
        )

selects = struct(config_setting_group = _config_setting_group)
