extension SettingKey {
    /// Every key there is, in the order of the sample file.
    public static let all: [SettingKey] =
        milter + http + spamd + model + scan + scoring + policy + headers + exempt + lists + learn
        + store + fleet + fleetModels
        + log
        + traces
}
