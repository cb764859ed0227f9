using System.Reflection;
using System.Runtime.InteropServices;

namespace Countersign.Engine.Bench;

/// <summary>The part of llama.cpp's C API (include/llama.h, v0.5.0) that a benchmark needs. The layouts hold for that version only.</summary>
internal static unsafe partial class LlamaApi
{
    private const string Llama = "llama", Ggml = "ggml";

    /// <summary>Loads the libraries of the npm package <c>@node-llama-cpp/linux-x64</c> from its folder <c>bins/linux-x64</c>, with the best CPU variant.</summary>
    public static void Load(string folder)
    {
        NativeLibrary.Load(Path.Combine(folder, "libggml-base.so"));
        nint ggml = NativeLibrary.Load(Directory.GetFiles(folder, "libggml.v*.so").Single());
        nint llama = NativeLibrary.Load(Directory.GetFiles(folder, "libllama.v*.so").Single());
        NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(), (name, _, _) => name switch { Llama => llama, Ggml => ggml, _ => 0 });
        LogSet(&Silence, null);
        LoadBackends(folder);
        BackendInit();
    }

    [LibraryImport(Ggml, EntryPoint = "ggml_backend_load_all_from_path", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void LoadBackends(string folder);

    [LibraryImport(Llama, EntryPoint = "llama_backend_init")]
    private static partial void BackendInit();

    [LibraryImport(Llama, EntryPoint = "llama_log_set")]
    private static partial void LogSet(delegate* unmanaged<int, byte*, void*, void> callback, void* data);

    [LibraryImport(Llama, EntryPoint = "llama_model_default_params")]
    public static partial ModelParameters DefaultModelParameters();

    [LibraryImport(Llama, EntryPoint = "llama_context_default_params")]
    public static partial ContextParameters DefaultContextParameters();

    [LibraryImport(Llama, EntryPoint = "llama_model_load_from_file", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint LoadModel(string path, ModelParameters parameters);

    [LibraryImport(Llama, EntryPoint = "llama_init_from_model")]
    public static partial nint CreateContext(nint model, ContextParameters parameters);

    [LibraryImport(Llama, EntryPoint = "llama_batch_get_one")]
    public static partial Batch BatchOf(int* tokens, int count);

    [LibraryImport(Llama, EntryPoint = "llama_decode")]
    public static partial int Decode(nint context, Batch batch);

    [LibraryImport(Llama, EntryPoint = "llama_synchronize")]
    public static partial void Synchronize(nint context);

    [LibraryImport(Llama, EntryPoint = "llama_get_memory")]
    public static partial nint GetMemory(nint context);

    [LibraryImport(Llama, EntryPoint = "llama_memory_clear")]
    public static partial void ClearMemory(nint memory, [MarshalAs(UnmanagedType.U1)] bool data);

    [LibraryImport(Llama, EntryPoint = "llama_free")]
    public static partial void FreeContext(nint context);

    [LibraryImport(Llama, EntryPoint = "llama_model_free")]
    public static partial void FreeModel(nint model);

    [LibraryImport(Llama, EntryPoint = "llama_print_system_info")]
    public static partial nint SystemInfo();

    [UnmanagedCallersOnly]
    private static void Silence(int level, byte* text, void* data)
    {
    }

    /// <summary><c>struct llama_model_params</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ModelParameters
    {
        private readonly nint devices, overrides;
        private readonly int gpuLayers, splitMode, loadMode, lazyMode, mainGpu;
        private readonly nint tensorSplit, progress, progressData, metadataOverrides;
        private readonly byte vocabularyOnly, checkTensors, useExtraBuffers, noHost, noAllocation, loadMtp;
    }

    /// <summary><c>struct llama_context_params</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ContextParameters
    {
        public uint Context, BatchSize, MicroBatchSize, MaxSequences;
        private readonly uint recurrentSnapshots, maxOutputs, maxOutputsPerSequence;
        public int Threads, BatchThreads;
        private readonly int contextType, ropeScaling, pooling, attention, flashAttention;
        private readonly float ropeBase, ropeScale, yarnExtension, yarnAttention, yarnBetaFast, yarnBetaSlow;
        private readonly uint yarnContext;
        private readonly float defragmentation;
        private readonly nint evaluation, evaluationData;
        private readonly int keyType, valueType;
        private readonly nint abort, abortData;
        private readonly byte embeddings, offloadCache, noTimings, offloadOperations, fullWindow, unifiedCache;
        private readonly nint samplers, samplerCount, otherContext;
    }

    /// <summary><c>struct llama_batch</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Batch
    {
        private readonly int count;
        private readonly nint tokens, embeddings, positions, sequenceCounts, sequences, outputs;
    }
}
