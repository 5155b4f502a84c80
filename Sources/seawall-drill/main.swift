print("seawall-drill")
