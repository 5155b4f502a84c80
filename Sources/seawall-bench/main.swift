print("seawall-bench")
