using Countersign.Engine.Gguf;

namespace Countersign.Engine;

/// <summary>Turns what goes wrong inside into what callers see.</summary>
internal static class EngineErrors
{
    public static T Translated<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (GgufException damaged)
        {
            throw new EngineException(EngineErrorKind.CorruptFile, damaged.Message, damaged);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new EngineException(EngineErrorKind.NotFound, missing.Message, missing);
        }
        catch (OutOfMemoryException full)
        {
            throw new EngineException(EngineErrorKind.OutOfMemory, "There is not enough memory for the model.", full);
        }
    }
}
