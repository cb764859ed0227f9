using Countersign.Engine;
using Countersign.Gateway.Providers.Raw;

namespace Countersign.Gateway.Providers.Engine;

/// <summary>A model in memory, with what is made from its file once.</summary>
internal sealed class LoadedModel(EngineModel engine)
{
    public EngineModel Engine => engine;

    /// <summary>Its chat templates; some files have one of its own for tools.</summary>
    public TemplateSet Templates { get; } = new(engine.Info.ChatTemplate, engine.Info.NamedChatTemplates.GetValueOrDefault("tool_use"));
}
